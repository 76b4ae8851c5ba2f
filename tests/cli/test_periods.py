"""Closing a period as offices do it: send, accept or return, make final, open again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import builders
from builders import CITY, EAST, GREEN, PLAIN, WEST, keyed, take, write_csv
from chorok.ledger import closings, schema
from chorok.ledger.store import Ledger, write_whole

Run = Callable[..., Any]

LINES = [
    keyed(1, day="2019-03-02", org=WEST, product=GREEN, amount=3000),
    keyed(2, day="2019-09-02", org=WEST, product=PLAIN, class_="90000001", amount=1000),
    keyed(3, day="2019-04-02", org=EAST, product=GREEN, amount=900),
]


@pytest.fixture(scope="module")
def office(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = builders.copy(registered, tmp_path_factory.mktemp("마감") / "원장")
    take(made, write_csv(made.path.parent / "구매.csv", LINES))
    write_whole(made.path / "ledger.toml", f'format = {schema.FORMAT}\nsynthetic = "2020-11-02"\n')
    return made.path


@pytest.fixture
def desk(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    mine = builders.copy(office, tmp_path / "원장")
    monkeypatch.setenv("CHOROK_LEDGER", str(mine.path))
    return mine


@pytest.fixture
def do(run: Run, desk: Ledger) -> Callable[..., Any]:
    """Take a step on the year 2019 of the western district."""

    def step(verb: str, *words: str, by: str = "김", on: str = "2020-03-20", code: int = 0) -> Any:
        ran = run("periods", verb, WEST, "2019", "--by", by, "--on", on, *words, "--lang", "en")
        assert ran.code == code, ran.err
        return ran

    return step


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    ran = run("periods", *words, "--json", "--lang", "en")
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json
    return found


def standing(run: Run, organisation: str = WEST) -> dict[str, Any]:
    (row,) = [row for row in rows(run, "list", "--period", "2019") if row["organisation_code"] == organisation]
    return row


def results(run: Run) -> str:
    found = run("calendar", "list", "--json", "-o", WEST).json
    (state,) = [row["duty_state"] for row in found if row["duty_rule"] == "results"]
    return str(state)


def test_from_preliminary_to_final_and_the_calendar_follows(run: Run, do: Any) -> None:
    assert (standing(run)["closing_state"], results(run)) == ("preliminary", "late")
    said = do("submit").out
    assert "75.00" in said
    assert "submitted" in standing(run)["closing_state"]
    assert results(run) == "sent"
    do("accept", by="이", on="2020-04-02")
    assert (standing(run)["closing_state"], results(run)) == ("accepted", "done")
    do("finalise", by="이", on="2020-04-03")
    row = standing(run)
    assert (row["closing_state"], row["share_sent"], row["sent_version"]) == ("final", "75.00", 1)
    assert row["next_steps"] == [f"chorok periods reopen {WEST} 2019"]
    assert standing(run, EAST)["closing_state"] == "preliminary"


def test_returned_with_remarks_and_sent_again(run: Run, do: Any) -> None:
    do("submit")
    assert "--remarks" in do("return", by="이", code=2).err
    do("return", "--remarks", "파일 누락", by="이")
    assert (standing(run)["closing_state"], standing(run)["remarks"]) == ("returned", "파일 누락")
    assert results(run) == "late"
    do("submit", on="2020-04-05")
    do("accept", by="이", on="2020-04-06")
    assert results(run) == "done_late"
    steps = rows(run, "history", WEST, "2019")
    assert [step["closing_step"] for step in steps] == ["submit", "return", "submit", "accept"]
    assert [step["sent_version"] for step in steps] == [1, 1, 2, 2]


def test_the_sender_takes_back_and_nobody_else(run: Run, do: Any) -> None:
    do("submit")
    assert "김" in do("withdraw", by="이", code=2).err
    do("withdraw")
    assert standing(run)["closing_state"] == "preliminary"
    do("submit")
    do("accept", by="이")
    do("withdraw", code=2)


def test_a_final_period_is_opened_with_a_reason_and_the_old_version_stays(run: Run, do: Any, desk: Ledger) -> None:
    do("submit")
    do("accept", by="이")
    do("finalise", by="이")
    do("reopen", by="이", code=2)
    do("reopen", "--remarks", "감사 지적", by="이")
    assert results(run) == "done"
    do("submit", on="2020-05-02")
    folder = closings.folder_of(desk, WEST, "2019", 1).parent
    assert sorted(one.name for one in folder.iterdir()) == ["1", "2"]
    assert results(run) == "done"


def test_the_files_as_sent_are_kept(do: Any, desk: Ledger) -> None:
    do("submit")
    folder = closings.folder_of(desk, WEST, "2019", 1)
    assert sorted(file.name for file in folder.iterdir()) == ["figures.json", "record.csv", "record.xlsx"]
    with (folder / "record.csv").open(encoding="utf-8-sig", newline="") as handle:
        (record,) = csv.DictReader(handle)
    assert (record["pecoYyyy"], record["pecoTmgb"], record["pecoTamt"], record["pecoAmt"]) == (
        "2019", "Y", "4000", "3000",
    )  # fmt: skip


def test_a_half_year_is_sent_by_quarters(run: Run, desk: Ledger) -> None:
    assert run("periods", "submit", "가람시", "2019h1", "--by", "김").code == 0
    folder = closings.folder_of(desk, CITY, "2019H1", 1)
    with (folder / "record.csv").open(encoding="utf-8-sig", newline="") as handle:
        quarters = {(row["pecoOrcd"], row["pecoTmgb"]): row["pecoAmt"] for row in csv.DictReader(handle)}
    assert quarters == {(WEST, "1"): "3000", (EAST, "2"): "900"}


def test_what_comes_in_later_is_listed_beside_what_was_sent(run: Run, do: Any, desk: Ledger, tmp_path: Path) -> None:
    do("submit")
    same = run("periods", "differences", WEST, "2019", "--lang", "en")
    assert "as sent" in same.out
    take(desk, write_csv(tmp_path / "더.csv", [keyed(9, day="2019-05-02", org=WEST, product=GREEN, amount=1000)]))
    chairs, total = rows(run, "differences", WEST, "2019")
    assert (chairs["item_code"], chairs["green_sent"], chairs["green_now"]) == (builders.CHAIR, 3000, 4000)
    assert (total["share_sent"], total["share_now"], total["lines_now"]) == ("75.00", "80.00", 3)
    said = run("periods", "differences", WEST, "2019", "--lang", "en").out
    assert "purchases" in said
    assert "1 with 1,000 now" in said
    assert standing(run)["share_sent"] == "75.00"


def test_a_share_says_where_a_final_period_was_sent_otherwise(run: Run, do: Any, desk: Ledger, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        ran = run("share", "--lang", "en", "--json", *words)
        assert ran.code == 0, ran.err
        return " ".join(ran.err.split())

    for step in ("submit", "accept", "finalise"):
        do(step)
    assert "is final" not in said("--by", "year,district"), "as it was sent"
    take(desk, write_csv(tmp_path / "더.csv", [keyed(9, day="2019-05-02", org=WEST, product=GREEN, amount=1000)]))
    for shown in (
        ("--by", "year,district"),
        ("--by", "item", "--period", "2019", "-o", WEST),
        ("--by", "year,kind", "-o", WEST),
    ):
        assert f"{WEST} 2019 is final with 75.00 % (version 1)" in said(*shown)
        assert "now, 80.00 %" in said(*shown)
    for other in (
        ("--by", "year,city"),
        ("--by", "year,district", "-o", EAST),
        ("--by", "year,district", "--basis", "all_goods"),
        ("--by", "year,district", "--period", "2019H1"),
        ("--by", "month,district"),
        ("--by", "year,organisation"),
        ("--by", "year,district", "--tree", "now"),
    ):
        assert "is final" not in said(*other)
    file = closings.folder_of(desk, WEST, "2019", 1) / "figures.json"
    file.write_bytes(file.read_bytes() + b" ")
    assert "is not what was sent" in said("--by", "year,district")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("submit", WEST, "2020", "--by", "김"), "2021-01-01"),
        (("submit", WEST, "2019-03", "--by", "김"), "2019H1"),
        (("submit", "T-41", "2019", "--by", "김"), "chorok import"),
        (("accept", WEST, "2019", "--by", "김"), "chorok periods submit"),
        (("differences", WEST, "2019"), "chorok periods submit"),
        (("submit", "nowhere", "2019", "--by", "김"), "nowhere"),
        (("submit", WEST, "2019", "--by", "김", "--on", "2021-01-01"), "2020-11-02"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    words: tuple[str, ...], said: str, run: Run, desk: Ledger
) -> None:
    ran = run("periods", *words, "--lang", "en")
    assert ran.code == 2
    assert said in ran.err
    assert not (desk.path / closings.NAME).exists()
    assert not (desk.path / f"{closings.NAME}.toml").exists()


def test_nothing_there_yet_says_what_comes_next(run: Run, desk: Ledger) -> None:
    ran = run("periods", "history", WEST, "2019", "--lang", "ko")
    assert "chorok periods submit" in ran.out
    none = run("periods", "list", "-o", "T-2601", "--period", "2010Q3", "--lang", "en")
    assert "chorok calendar list" in none.out
