"""`chorok scorecard` as an office meets it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest

from builders import CITY, EAST, GREEN, OTHER_WEST, PLAIN, WEST, keyed, take, write_csv
from chorok.core import schemes
from chorok.core.measures.scorecard import Effort
from chorok.core.measures.targets import Target
from chorok.ledger import kept
from chorok.ledger.store import Ledger


@pytest.fixture
def scored(mine: Ledger, tmp_path: Path) -> Ledger:
    """Garam's districts in 2019: West 60 of 100 green, East 20 of 100; in 2018 West 50 of 100."""
    amounts = [("2019", WEST, 6000, 4000), ("2019", EAST, 2000, 8000), ("2018", WEST, 5000, 5000)]
    rows = []
    for year, org, green, plain in amounts:
        for product, amount in ((GREEN, green), (PLAIN, plain)):
            day = f"{year}-05-01"
            rows.append(keyed(100 + len(rows), org=org, day=day, product=product, class_="90000001", amount=amount))
    take(mine, write_csv(tmp_path / "구.csv", rows), source="구")
    kept.add(mine, "efforts", Effort(WEST, 2019, "training", Fraction(2), "출석부"))
    kept.add(mine, "targets", Target(CITY, 2019, Fraction(50)))
    return mine


def test_the_schemes_are_listed_without_a_ledger(run) -> None:
    for language in ("ko", "en"):
        ran = run("scorecard", "--list", "--lang", language, "--json")
        assert ran.code == 0
        assert [row["scheme"] for row in ran.json] == list(schemes.names())
    assert "--scheme" in run("scorecard", "--list", "--lang", "en").out


def test_districts_are_ranked_with_what_one_more_point_takes(run, scored: Ledger) -> None:
    rows = run("scorecard", "--scheme", "joint", "-l", scored.path, "--year", 2019, "--json").json
    found = {row["scored_unit_code"]: row for row in rows}
    assert [(found[one]["rank"], found[one]["score"], found[one]["state"]) for one in (WEST, EAST, OTHER_WEST)] == [
        (1, "120.00", "ranked"),
        (2, "40.00", "ranked"),
        (None, None, "no_data"),
    ]
    assert found[WEST]["one_more"] == 50, "a hundredth of the target of half of 10,000"
    assert len({row["scored_unit"] for row in rows}) == len(rows), "two cities have a western district each"


def test_it_speaks_both_languages_and_names_what_it_rests_on(run, scored: Ledger) -> None:
    for language, words in (("en", ("in force from", "Snapshot", "East")), ("ko", ("시행", "시점", "동구"))):
        ran = run("scorecard", "--scheme", "award", "-l", scored.path, "--year", 2019, "--lang", language)
        assert ran.code == 0
        assert all(word in ran.out for word in words[:2])
        as_csv = run("scorecard", "-l", scored.path, "--year", 2019, "--csv", "--lang", language)
        header, *rows = csv.reader(io.StringIO(as_csv.out))
        assert {len(row) for row in rows} == {len(header)}


def test_the_points_of_a_unit_are_explained(run, scored: Ledger) -> None:
    ran = run("scorecard", "--scheme", "award", "-l", scored.path, "--year", 2019, "--explain", WEST, "--json")
    parts = {row["indicator"]: row for row in ran.json if row["part"] == "indicator"}
    assert (parts["share"]["value"], parts["growth"]["value"]) == ("60.0000", "10.0000")
    assert parts["training"]["source"] == "출석부"
    assert (parts["reports_on_time"]["value"], parts["reports_on_time"]["points"]) == ("no_effort", None)
    levers = {row["lever"]: row["change"] for row in ran.json if row["part"] == "one_more"}
    assert levers.keys() == {"green", "training"}
    said = run("scorecard", "--scheme", "award", "-l", scored.path, "--year", 2019, "--explain", "Garam Seo-gu",
               "--lang", "en")  # fmt: skip
    assert said.code == 0
    assert f"{int(levers['green']):,} KRW more bought green" in said.out
    assert "reports_on_time" in said.out
    target = run("scorecard", "--scheme", "joint", "-l", scored.path, "--year", 2019, "--explain", WEST, "--lang", "en")
    assert "target 50 % of Garam" in target.out


def test_a_department_is_explained_by_its_organisation_and_name(run, scored: Ledger, tmp_path: Path) -> None:
    rows = [keyed(300, org=WEST, department="총무과", day="2019-05-01", product=GREEN, class_="90000001", amount=10)]
    take(scored, write_csv(tmp_path / "과.csv", rows), source="과")
    words = ("scorecard", "--scheme", "award", "-l", scored.path, "--year", 2019, "--unit", "department")
    ran = run(*words, "--explain", f"{WEST}/총무과", "--json")
    assert next(row["value"] for row in ran.json if row["indicator"] == "share") == "100.0000"
    assert run(*words, "--explain", f"{WEST}/없는과").code == 2


def test_what_is_in_no_unit_is_said(run, scored: Ledger) -> None:
    ran = run("scorecard", "-l", scored.path, "--year", 2019, "--lang", "en")
    assert "belong to no district" in ran.err
    assert f"{2**53 + 2 + 4000:,} KRW" in ran.err, "the city's own chairs, and what is not known"


def test_what_all_units_lack_is_said_once_and_what_one_lacks_beside_it(run, scored: Ledger) -> None:
    words = ("scorecard", "--scheme", "award", "-l", scored.path, "--year", 2019)
    shown = " ".join(run(*words, "--lang", "en").out.split())
    assert "No unit has data for these indicators, so their weight goes to the others: Effort: plans and" in shown
    rows = {row["scored_unit_code"]: row["remark"] for row in run(*words, "--lang", "en", "--json").json}
    assert "training" in rows[EAST]
    assert "training" not in rows[WEST]
    assert all("plans" in rows[one] for one in (WEST, EAST)), "data say it of each"
    assert shown.count("plans and") == 1


def test_without_organisations_it_says_what_to_import(run, tmp_path: Path) -> None:
    bare = Ledger.create(tmp_path / "빈 장부")
    take(bare, write_csv(tmp_path / "구매.csv", [keyed(1, day="2019-05-01", product=PLAIN, name="의자", amount=10)]))
    ran = run("scorecard", "-l", bare.path, "--year", 2019, "--lang", "en")
    assert ran.code == 0
    assert "chorok organisations import FILE" in " ".join(ran.err.split())
    assert "Scheme:" not in ran.out


def test_a_year_without_purchases_says_what_to_do(run, cli_ledger: Ledger) -> None:
    ran = run("scorecard", "-l", cli_ledger.path, "--year", 1999, "--unit", "department", "--lang", "en")
    assert ran.code == 0
    assert "no department to score in 1999" in ran.err


def test_a_running_year_is_preliminary(run, scored: Ledger) -> None:
    with (scored.path / "ledger.toml").open("a", encoding="utf-8") as settings:
        settings.write('synthetic = "2019-11-02"\n')
    assert "preliminary" in run("scorecard", "-l", scored.path, "--year", 2019, "--lang", "en").err


OWN = """
id = "ours"
title_ko = "우리"
title_en = "Ours"
source_ko = "조례"
source_en = "Ordinance"
note_ko = "비고"
note_en = "Note"
author = "Kim"
checker = "Lee"
in_force_from = 2019-01-01
next_review = 2030-01-01
change_log = []
floors = [{measure = "share", at_least = "30.5", effect = "zero"}]

[[indicators]]
measure = "share"
title_ko = "구매율"
title_en = "Share"
weight = 100
band = [[0, 0], [60.5, 100]]
"""


def test_a_scheme_of_ones_own(run, scored: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN, encoding="utf-8")
    ran = run("scorecard", "--scheme", file, "-l", scored.path, "--year", 2019, "--json", "--lang", "en")
    found = {row["scored_unit_code"]: row for row in ran.json}
    assert found[WEST]["score"] == "99.17"
    assert (found[EAST]["score"], found[EAST]["rank"]) == ("0.00", None)
    assert "below the floor of 30.5 %" in found[EAST]["remark"]
    assert "checked" not in ran.err
    file.write_text(OWN.replace("weight = 100", "weight = 99"), encoding="utf-8")
    wrong = run("scorecard", "--scheme", file, "-l", scored.path, "--lang", "en")
    assert wrong.code == 3
    assert "add up to 99" in wrong.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--unit", "team"), 2),
        (("--scheme", "jiont"), 2),
        (("--scheme", "nowhere.toml"), 3),
        (("--organisation", "Nowhere"), 2),
        (("--explain", "Nowhere"), 2),
        (("--json", "--csv"), 2),
    ],
)
def test_what_cannot_be_done_is_explained(run, cli_ledger: Ledger, words: tuple, code: int) -> None:
    for language in ("ko", "en"):
        ran = run("scorecard", *words, "-l", cli_ledger.path, "--lang", language)
        assert (ran.code, ran.out) == (code, "")
        assert len(ran.err) > 20
