"""What a change of the registry did, against figures asked before and after and lines that tests know by heart."""

from __future__ import annotations

from pathlib import Path

import builders
from builders import CITY, GREEN, PLAIN
from chorok.ledger import effects, publishing
from chorok.ledger.effects import Move
from chorok.ledger.published import Published
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger


def _bought(folder: Path) -> Ledger:
    ledger = Ledger.create(folder / "l", "2020-11-02")
    builders.register(ledger)
    lines = [
        builders.keyed(1, product=GREEN, detail="9000000101", amount=1000),
        builders.keyed(2, product=PLAIN, detail="9000000101", amount=500),
        builders.keyed(3, product=PLAIN, detail="9000000101", amount=70, day="2018-05-05", org=builders.OTHER_CITY),
    ]
    builders.take(ledger, builders.write_csv(folder / "p.csv", lines))
    return ledger


def _certify(ledger: Ledger, *products: str) -> None:
    rows = [
        builders.certificate(certificate_no=f"N-{one}", product_id=one, valid_from=builders.date(2019, 1, 1),
                             valid_until=builders.date(2021, 1, 1))
        for one in products
    ]  # fmt: skip
    replace_source(ledger.path, "certificates", builders.rows("certificates", rows), "new")
    with ledger.writing():
        publishing.publish(ledger, "certificates", "new")


def test_a_certificate_that_came_in_moves_lines_and_shares(tmp_path: Path) -> None:
    ledger = _bought(tmp_path)
    before = Published.at(ledger)
    _certify(ledger, PLAIN)
    [effect] = [one for one in effects.between(before, Published.at(ledger)) if one.city == CITY]
    assert (effect.year, effect.currency) == ("2019", "KRW")
    assert effect.after.green - effect.before.green == 500
    assert [(move.after, move.lines, move.amount) for move in effect.moves] == [("green", 1, 500)]
    assert effect.moves[0].before in {"not_green", "undetermined"}


def test_what_changed_nothing_has_no_effect(tmp_path: Path) -> None:
    ledger = _bought(tmp_path)
    before = Published.at(ledger)
    _certify(ledger, "77777777")
    assert effects.between(before, Published.at(ledger)) == []


def test_an_undone_change_is_the_same_backwards(tmp_path: Path) -> None:
    ledger = _bought(tmp_path)
    first = Published.at(ledger)
    _certify(ledger, PLAIN)
    second = Published.at(ledger)
    _certify(ledger)
    there, back = effects.between(first, second), effects.between(second, Published.at(ledger))
    assert [(one.before, one.after) for one in there] == [(one.after, one.before) for one in back]
    assert [[Move(m.after, m.before, m.lines, m.amount) for m in one.moves] for one in there] == [
        list(one.moves) for one in back
    ]
