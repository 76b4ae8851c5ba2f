"""The example's notes fit its organisations and the rules: each is one duty of 2020."""

from __future__ import annotations

from datetime import date

from chorok.core.calendar import NATIONAL, load
from chorok.core.calendar.duties import Events, due
from chorok.core.organisations import Tree
from chorok.demo import vocabulary
from chorok.demo.day import DEMO_DAY
from chorok.demo.office import done


def test_each_note_is_about_a_plan_that_is_owed() -> None:
    name, notes = done.plans()
    undated = ({**row, "valid_from": None, "valid_until": None} for row in vocabulary.rows("organisations.csv"))
    tree = Tree.of(undated)
    duties = due({NATIONAL: load(NATIONAL)}, (), tree, 2020, Events(done=notes), DEMO_DAY)
    states = {duty.organisation: duty.state for duty in duties if duty.rule.id == "plan"}
    assert name == "done"
    assert {note.organisation for note in notes} == {code for code, state in states.items() if state != "late"}
    assert {states[note.organisation] for note in notes} == {"done", "done_late"}
    assert all(note.on <= DEMO_DAY and note.on >= date(2020, 1, 1) and note.note == "SYNTHETIC" for note in notes)
