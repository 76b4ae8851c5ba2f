"""`chorok forecast` as an office meets it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest

from builders import CHAIR, CITY, EAST, GREEN, LAMP, PLAIN, WEST, keyed, take, write_csv
from chorok.core.measures.targets import Target
from chorok.ledger import kept
from chorok.ledger.store import Ledger


@pytest.fixture
def running(mine: Ledger, tmp_path: Path) -> Ledger:
    """West buys in 2017 to 2019 the same each month, half green; of 2020 ten months are over."""
    rows = [
        keyed(1000 + place, org=WEST, day=f"{year}-{month:02d}-05", product=product, class_="90000001", amount=1000)
        for place, (year, month, product) in enumerate(
            (year, month, product)
            for year in (2017, 2018, 2019)
            for month in range(1, 13)
            for product in (GREEN, PLAIN)
        )
    ]
    rows += [keyed(2000 + m, org=WEST, day=f"2020-{m:02d}-05", product=PLAIN, class_="90000001", amount=1000)
             for m in range(1, 11)]  # fmt: skip
    take(mine, write_csv(tmp_path / "달.csv", rows), source="달")
    with (mine.path / "ledger.toml").open("a", encoding="utf-8") as settings:
        settings.write('synthetic = "2020-11-02"\n')
    return mine


def test_a_forecast_with_its_past_years(run, running: Ledger) -> None:
    words = ("forecast", "--organisation", "Garam Seo-gu", "--year", 2019, "--through", 6, "-l", running.path)
    (row,) = run(*words, "--json").json
    assert (row["so_far"], row["forecast"], row["actual"], row["months"]) == ("50.00", "50.00", "50.00", 6)
    assert (row["state"], row["past_used"], row["green_forecast"]) == ("no_interval", 2, 12000)
    past = run(*words, "--json", "--past-years").json
    assert [(one["year"], one["reached"], one["green_factor"]) for one in past] == [
        ("2017", "50.00", "2.0000"),
        ("2018", "50.00", "2.0000"),
    ]
    said = run(*words, "--lang", "en")
    assert "Past years after month 6" in said.out
    assert "not enough data for an interval" in said.err
    assert "Ratio method" in said.out


def test_the_running_year_and_what_the_rest_must_be(run, running: Ledger) -> None:
    kept.add(running, "targets", Target(WEST, 2020, Fraction(10)))
    words = ("forecast", "--organisation", WEST, "-l", running.path)
    (row,) = run(*words, "--json").json
    assert (row["months"], row["state"], row["past_used"], row["so_far"]) == (10, "forecast", 3, "0.00")
    assert (row["aim"], row["rest_state"], row["rest_needed"]) == ("10.00", "needed", "60.00")
    assert row["chance"] == "50.00"
    for language, words_of in (("en", ("60.00 %", "50 of 100")), ("ko", ("60.00%", "100번 중 50번"))):
        said = run(*words, "--lang", language).out
        assert all(word in said for word in words_of)


def test_without_a_target_it_says_how_to_set_one(run, running: Ledger) -> None:
    assert "chorok targets set" in run("forecast", "--organisation", WEST, "-l", running.path, "--lang", "en").out


def test_groups_in_three_forms(run, running: Ledger) -> None:
    for words in (("--by", "district"), ("--by", "city,item"), ("--item", CHAIR), ("--item", "의자", "--by", "city")):
        base = ("forecast", *words, "--year", 2019, "--through", 10, "-l", running.path)
        rows = run(*base, "--json").json
        header, *lines = csv.reader(io.StringIO(run(*base, "--csv").out))
        assert rows
        assert len(lines) == len(rows)
        assert {len(line) for line in lines} == {len(header)}
        assert run(*base).code == 0
    by_district = run("forecast", "--by", "district", "--year", 2019, "-l", running.path, "--json").json
    assert {row["district_code"]: row["state"] for row in by_district}[WEST] == "over"


def test_what_there_is_too_little_of_is_said(run, running: Ledger, cli_ledger: Ledger) -> None:
    def note(*words: object) -> str:
        ran = run("forecast", "-l", running.path, "--lang", "en", *words)
        assert ran.code == 0
        return str(ran.err)

    assert "no forecast, only the share so far" in note("--organisation", WEST, "--year", 2017, "--through", 6)
    assert "2019 is over" in note("--organisation", WEST, "--year", 2019)
    assert "no purchases in months of 2012" in note("--year", 2012)
    early = run("forecast", "-l", running.path, "--lang", "en", "--year", 2012).out
    assert "month 0" not in early
    assert "to 0" not in early
    assert "Nothing like this was bought" in note("--item", LAMP)
    assert "Months 4–10 of 2020" in note("--organisation", EAST)
    assert "--past-years says why" in note("--by", "district")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--by", "month"), 2),
        (("--through", "12"), 2),
        (("--item", "nothing"), 2),
        (("--organisation", "Nowhere"), 2),
        (("--json", "--csv"), 2),
        (("--definition", "nowhere.toml"), 3),
    ],
)
def test_what_cannot_be_done_is_explained(run, cli_ledger: Ledger, words: tuple, code: int) -> None:
    for language in ("ko", "en"):
        ran = run("forecast", *words, "-l", cli_ledger.path, "--lang", language)
        assert (ran.code, ran.out) == (code, "")


def test_purchases_before_a_definition_have_no_share(run, running: Ledger) -> None:
    words = ("forecast", "--definition", "busan", "--organisation", CITY, "-l", running.path, "--lang", "en")
    assert "definition not known" in run(*words).out
