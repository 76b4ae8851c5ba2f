"""What was sent stays as sent, whatever the ledger becomes; what has changed since is listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import builders
from builders import CHAIR, CITY, EAST, GREEN, LAMP, PLAIN, WEST, keyed, take, write_csv
from chorok.core.calendar.closing import Standing, Step, Verb
from chorok.core.errors import BadInputError, LedgerError, UsageError
from chorok.core.measures.share import Amounts
from chorok.ledger import closings, kept, publishing
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

LINES = [
    keyed(1, day="2019-03-02", org=WEST, product=GREEN, amount=3000),
    keyed(2, day="2019-04-02", org=WEST, product=PLAIN, class_="90000001", amount=1000),
    keyed(3, day="2019-08-02", org=EAST, product=GREEN, amount=700),
    keyed(4, day="2019-08-03", org=WEST, amount=50, name="이름뿐"),
    keyed(5, day="2018-08-03", org=WEST, product=GREEN, amount=9),
]


@pytest.fixture
def bought(ledger: Ledger, tmp_path: Path) -> Ledger:
    take(ledger, write_csv(tmp_path / "구매.csv", LINES))
    return Ledger(ledger.path, "2020-11-02")  # a fixed today


def step(verb: Verb = "submit", organisation: str = WEST, period: str = "2019", **values: object) -> Step:
    filled = {"on": date(2020, 3, 20), "by": "김", "remarks": "사유", "definition": "national", "basis": "eligible"}
    return Step(organisation, period, verb, 1, **{**filled, **values})  # type: ignore[arg-type]


def attach(folder: Path) -> None:
    (folder / "record.csv").write_text("보낸 그대로\n", encoding="utf-8")


def submit(ledger: Ledger, **values: object) -> Standing:
    return closings.submit(ledger, Published.at(ledger), step(**values), attach)  # type: ignore[arg-type]


def content(ledger: Ledger) -> dict[str, bytes]:
    folder = ledger.path / closings.NAME
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_the_figures_are_those_of_the_lines(bought: Ledger) -> None:
    sent = submit(bought).sent
    assert sent is not None
    record = closings.as_sent(bought, sent)
    assert record.items[CHAIR, "KRW"] == Amounts(lines=2, amount=4000, green=3000, not_green=1000)
    assert record.items[None, "KRW"].unknown == 50
    assert set(record.items) == {(CHAIR, "KRW"), (None, "KRW")}
    assert list(record.batches.values()) == [(3, 4050)]
    assert (record.snapshot, sent.version) == (Published.at(bought).snapshot.number, 1)
    assert set(record.files) == {"record.csv"}


def test_a_city_s_figures_are_its_whole_subtree_s(bought: Ledger) -> None:
    sent = submit(bought, organisation=CITY, period="2019h2").sent
    assert sent is not None
    assert sent.period == "2019H2"
    assert closings.as_sent(bought, sent).total()["KRW"].amount == 750


def more_purchases(ledger: Ledger, folder: Path) -> None:
    more = [keyed(6, day="2019-05-02", org=WEST, product=GREEN, amount=20), keyed(7, day="2020-01-02", org=WEST)]
    take(ledger, write_csv(folder / "더.csv", more))


def other_registry(ledger: Ledger, folder: Path) -> None:
    builders.register(ledger, certificates=[])
    with ledger.writing():
        publishing.publish(ledger, "certificates", "")


def a_decision(ledger: Ledger, folder: Path) -> None:
    from chorok.ledger import decisions
    from chorok.sources import decided

    key = next(row["product_key"] for row in builders.posted(ledger) if row["description"] == "이름뿐")
    file = folder / "판정.csv"
    text = f"product_key,outcome,item_group,reason,decided_by,decided_on\nP{key},not_green,{LAMP},본 것,김,2020-04-01\n"
    file.write_text(text, encoding="utf-8")
    with ledger.writing():
        found = decided.read(file, decided.Known.of(Published.at(ledger)), decided_by="김", decided_on=ledger.today)
        assert not found.refused
        decisions.write(ledger, found.decisions)
        publishing.publish(ledger, "decisions", "")


@pytest.mark.parametrize(
    ("change", "cause", "green", "eligible"),
    [
        (more_purchases, "lines", 3020, 4020),
        (other_registry, "registry", 0, 1000),
        (a_decision, "decisions", 3000, 4050),
    ],
)
def test_later_changes_never_touch_what_was_sent_and_are_listed(
    change: Callable[[Ledger, Path], None], cause: str, green: int, eligible: int, bought: Ledger, tmp_path: Path
) -> None:
    sent = submit(bought).sent
    assert sent is not None
    before, figures = content(bought), closings.as_sent(bought, sent)
    change(bought, tmp_path)
    assert content(bought) == before
    assert closings.as_sent(bought, sent) == figures
    found = closings.differences(bought, Published.at(bought), WEST, "2019")
    now = found.now.total()["KRW"].share()
    assert (now.green, now.denominator) == (green, eligible)
    assert found.sent.total()["KRW"].share().denominator == 4000
    assert cause in found.causes
    assert bool(found.batches) == (cause == "lines")
    assert found.items


def test_a_new_file_is_named_with_what_it_adds(bought: Ledger, tmp_path: Path) -> None:
    submit(bought)
    more_purchases(bought, tmp_path)
    found = closings.differences(bought, Published.at(bought), WEST, "2019")
    assert list(found.batches.values()) == [((0, 0), (1, 20))]


def test_nothing_changed_says_nothing(bought: Ledger) -> None:
    submit(bought)
    found = closings.differences(bought, Published.at(bought), WEST, "2019")
    assert (found.items, found.batches, found.causes) == ({}, {}, ())


def test_a_second_sending_is_a_version_beside_the_first(bought: Ledger, tmp_path: Path) -> None:
    first = submit(bought).sent
    closings.take(bought, step("return", on=date(2020, 3, 25), by="이"))
    more_purchases(bought, tmp_path)
    second = submit(bought, on=date(2020, 4, 1)).sent
    assert first is not None
    assert second is not None
    assert (first.version, second.version) == (1, 2)
    assert closings.as_sent(bought, first).total()["KRW"].green == 3000
    assert closings.as_sent(bought, second).total()["KRW"].green == 3020
    assert [one.verb for one in closings.steps_of(bought, WEST, "2019")] == ["submit", "return", "submit"]
    assert [one.version for one in closings.steps_of(bought, WEST, "2019")] == [1, 1, 2]


def test_the_calendar_learns_what_was_sent(bought: Ledger) -> None:
    submit(bought)
    assert [(one.on, one.accepted) for one in closings.sent(bought)] == [(date(2020, 3, 20), False)]
    closings.take(bought, step("accept", on=date(2020, 4, 9), by="이"))
    assert [(one.on, one.accepted) for one in closings.sent(bought)] == [(date(2020, 3, 20), True)]
    closings.take(bought, step("return", on=date(2020, 4, 10), by="이"))
    assert closings.sent(bought) == ()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"period": "2020"}, "closing_not_over"),
        ({"on": date(2019, 12, 31)}, "closing_not_over"),
        ({"period": "2019-03"}, "closing_period"),
        ({"period": "2017..2018"}, "closing_period"),
        ({"organisation": "T-41"}, "closing_no_data"),
        ({"on": date(2020, 11, 3)}, "day_ahead"),
        ({"definition": "seoul", "basis": "nonsense"}, "basis_unknown"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_written(
    values: dict[str, object], code: str, bought: Ledger
) -> None:
    with pytest.raises(UsageError) as caught:
        submit(bought, **values)
    assert caught.value.code == code
    assert kept.every(bought, closings.NAME, Step) == ()
    assert not (bought.path / closings.NAME).exists()


def test_a_failure_while_sending_leaves_no_step_and_the_next_try_succeeds(bought: Ledger) -> None:
    def broken(folder: Path) -> None:
        attach(folder)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        closings.submit(bought, Published.at(bought), step(), broken)
    assert closings.standings(bought) == {}
    (closings.folder_of(bought, WEST, "2019", 1)).mkdir()  # as a crash after the move would leave it
    assert submit(bought).state == "submitted"
    assert set(content(bought)) == {f"{WEST}/2019/1/figures.json", f"{WEST}/2019/1/record.csv"}


@pytest.mark.parametrize("name", ["figures.json", "record.csv"])
def test_what_was_altered_by_hand_is_found(name: str, bought: Ledger) -> None:
    sent = submit(bought).sent
    assert sent is not None
    file = closings.folder_of(bought, WEST, "2019", 1) / name
    file.write_text(file.read_text(encoding="utf-8").replace("3000", "4000") + " ", encoding="utf-8")
    with pytest.raises(LedgerError, match="closing_altered"):
        closings.as_sent(bought, sent)


def test_steps_that_contradict_each_other_are_found(bought: Ledger) -> None:
    kept.add(bought, closings.NAME, step("finalise"))
    with pytest.raises(BadInputError, match="closings_contradict"):
        closings.standings(bought)


def test_money_is_written_as_integers(bought: Ledger) -> None:
    submit(bought)
    data = json.loads(content(bought)[f"{WEST}/2019/1/figures.json"])
    assert all(type(one[name]) is int for one in data["items"] for name in ("amount", "green", "undetermined"))


@pytest.mark.parametrize("code", ["..", "a/b", "구·군", "."])
def test_a_code_is_no_path(code: str, bought: Ledger) -> None:
    folder = closings.folder_of(bought, code, "2019", 1)
    assert folder.parents[2] == bought.path / closings.NAME
    assert folder.parents[1].name not in (".", "..")
