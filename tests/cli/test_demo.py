"""The example network by the command line: Table 1 and Table 2 of both cities to the printed digit."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

import builders
from chorok.cli import main
from chorok.core.money import decimals_shown, percent, round_half_away
from chorok.demo.published import TABLE_1, TABLE_2
from chorok.demo.run import CITY_CODES
from chorok.demo.vocabulary import item_groups
from chorok.ledger import batches
from chorok.ledger.batches import Tally
from chorok.ledger.store import Ledger
from demo import replayed


def test_the_tables_come_out_of_the_lines(demo_network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo = demo_network
    rows = json.loads((demo / "said.json").read_text(encoding="utf-8"))
    tables = rows if isinstance(rows, list) else rows["table_1"]
    found = {(row["city"], row["year"]): row for row in tables}
    assert len(found) == len(TABLE_1) == 10
    for row in TABLE_1:
        ours = found[row.city, str(row.year)]
        assert ours["share"] == row.calibrated_share
        assert ours["published"] == row.share
        assert float(ours["low"]) <= float(ours["share"]) <= float(ours["high"])
    assert found["Daejeon", "2016"]["share"] == "36.86", "no ledger can give 36.89"
    ledger = Ledger.open(demo / "ledger")
    _table_2(ledger)
    _nothing_lost(ledger)
    _targets_beside_the_published(demo / "ledger", capsys)
    _core_items_of_the_reports(demo / "ledger", capsys)
    _drivers_of_both_cities(demo / "ledger", capsys)
    _what_would_have_been_stopped(demo, capsys)
    _both_cities_as_a_network(demo / "ledger", capsys)
    _the_joint_evaluation(demo / "ledger", capsys)
    _a_year_forecast_from_ten_months(demo / "ledger", capsys)


def _table_2(ledger: Ledger) -> None:
    codes = {group.name_en: group.code for group in item_groups()}
    found = builders.amounts(builders.ask(ledger, "city", "year", "item"))
    compared = 0
    for row in TABLE_2:
        for year, printed in (("2018", row.base_2018), ("2019", row.result_2019)):
            if row.item != "total":
                share = found[CITY_CODES[row.city], year, codes[row.item]].share()
                assert str(percent(share.value, decimals_shown(printed))) == printed, (row.city, year, row.item)
                compared += 1
    assert compared >= 10


def _nothing_lost(ledger: Ledger) -> None:
    every = batches.every(ledger)
    assert all(account.balanced for batch in every for account in batch.accounts)
    accepted = sum((batch.total().accepted for batch in every), Tally())
    lines, amount = builders.totals(ledger)
    replaced = [batch for batch in every if batch.replaces]
    assert replaced, "a replacing file is among them"
    assert lines < accepted.lines
    assert amount <= accepted.amount


def _asked(capsys: pytest.CaptureFixture[str], *words: object) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main([str(word) for word in (*words, "--json", "--lang", "en")]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def _targets_beside_the_published(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Table 2 as `chorok targets` shows it: base and result print as published, met where the reports' results are."""
    rows = {(row["organisation"], row["item"]): row for row in _asked(capsys, "targets", "--year", 2019, "-l", ledger)}
    assert len(rows) == len(TABLE_2) == 8
    for row in TABLE_2:
        ours = rows[row.city, "all" if row.item == "total" else row.item]
        for shown, published, printed in (
            ("target_base", "published_base", row.base_2018),
            ("target_result", "published_result", row.result_2019),
        ):
            assert Decimal(ours[published]) == Decimal(printed)
            assert abs(Decimal(ours[shown]) - Decimal(printed)) <= Decimal("0.05"), (row, shown)
        assert Decimal(ours["target_aim"]) == Decimal(row.target_2019)
        assert Decimal(ours["next_aim"]) == Decimal(row.target_2020)
        assert ours["standing"] == ("met" if Decimal(row.result_2019) >= Decimal(row.target_2019) else "missed")
        plain = Decimal(ours["target_result"]) / Decimal(row.target_2019) * 100
        assert abs(Decimal(ours["attained"]) - plain) < Decimal("0.1")
    met = [key for key, row in rows.items() if row["standing"] == "met"]
    assert len([city for city, _ in met if city == "Busan"]) == 1
    assert len([city for city, _ in met if city == "Daejeon"]) == 3
    later = _asked(capsys, "targets", "--year", 2020, "-l", ledger)
    assert {row["standing"] for row in later} == {"running"}, "October 2020 is no year's end"


def _core_items_of_the_reports(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for city in CITY_CODES:
        expected = {row.item for row in TABLE_2 if row.city == city} - {"total"}
        for by in ("rule", "potential"):
            rows = _asked(capsys, "core-items", "-o", city, "--year", 2018, "--by", by, "-l", ledger)
            assert {row["item"] for row in rows} == expected, (city, by)
            assert all(row["next_aim"] and row["next_effect"] for row in rows), "the targets of 2019 are kept"


def _what_would_have_been_stopped(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = _asked(capsys, "replay", "--by", "city,year", "--period", "2015..2020", "-l", demo / "ledger")
    expected = replayed.stopped(demo)
    assert len(expected) == 4, "2019 and 2020: the mall list of the demo begins in 2019"
    for city, code in CITY_CODES.items():
        for row in (one for one in rows if one["city_code"] == code):
            assert [row["stopped_lines"], row["stopped"]] == expected[city, row["year"]]


def _drivers_of_both_cities(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The known splits of 2015 to 2019, from the won of Table 1; 2015 of Daejeon has the won that give its share."""
    for city, known in (("Busan", ("+6.92", "+22.14")), ("Daejeon", ("+31.42", "-4.16"))):
        *steps, whole = _asked(capsys, "drivers", "--from", 2015, "--to", 2019, "-o", CITY_CODES[city], "-l", ledger)
        assert (whole["green_effect"], whole["denominator_effect"]) == known
        won = [row.won for row in TABLE_1 if row.city == city]
        exact = [(g1 - g0) * (Fraction(1, t0) + Fraction(1, t1)) * 50 for (t0, g0), (t1, g1) in pairwise(won)]
        for row, green in zip(steps, exact, strict=True):
            assert abs(Fraction(row["green_effect"]) - green) < Fraction(1, 100)
        assert str(round_half_away(sum(exact), 2)) == known[0].lstrip("+")
        *items, total = _asked(
            capsys, "drivers", "--from", 2015, "--to", 2019, "-o", CITY_CODES[city], "--by", "item", "-l", ledger
        )
        assert len(items) == 25
        assert sum(Decimal(row["share_change"]) for row in items) == Decimal(total["share_change"])
        assert total["share_change"] == whole["share_change"]


def _both_cities_as_a_network(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Together and unweighted of every year; members without data are not 0; per head the other city leads."""
    years = {row["year"]: row for row in _asked(capsys, "network", "--by", "year", "-l", ledger)}
    for year, together in zip(range(2015, 2020), ("34.39", "45.20", "49.83", "50.64", "62.29"), strict=True):
        won = [row.won for row in TABLE_1 if row.year == year]
        mean = sum(Fraction(green * 100, total) for total, green in won) / 2
        assert (years[str(year)]["share"], years[str(year)]["mean"]) == (together, str(round_half_away(mean, 2)))
    rows = {row["member"]: row for row in _asked(capsys, "network", "--year", 2019, "-l", ledger)}
    assert [rows[name]["rank"] for name in ("Busan", "Daejeon", "Gyeonggi", "Goyang")] == [1, 2, None, None]
    assert (rows["Gyeonggi"]["share"], rows["Goyang"]["part_of"]) == ("no data", "Gyeonggi")
    heads = _asked(capsys, "network", "--year", 2019, "--per", "head", "-l", ledger)
    assert [(row["member"], row["green_per_head"]) for row in heads[:2]] == [("Daejeon", 18_973), ("Busan", 16_448)]


def _the_joint_evaluation(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Share divided by its target, from the printed tables: nothing else is in it."""
    rows = _asked(capsys, "scorecard", "--scheme", "joint", "--year", 2019, "--unit", "city", "-l", ledger)
    found = {row["scored_unit_code"]: (row["rank"], row["score"]) for row in rows}
    aims = {row.city: Fraction(row.target_2019) for row in TABLE_2 if row.item == "total"}
    scores = {}
    for row in TABLE_1:
        if row.year == 2019:
            total, green = row.won
            scores[row.city] = Fraction(green, total) * 100 / aims[row.city] * 100
    for place, city in enumerate(sorted(scores, key=lambda one: -scores[one]), 1):
        assert found[CITY_CODES[city]] == (place, str(round_half_away(scores[city], 2)))
    assert sum(rank is None for rank, _ in found.values()) == len(found) - 2, "members without figures have no rank"


def _a_year_forecast_from_ten_months(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2019 from January to October of 2015-2019, reckoned again from monthly figures, and near to what came."""
    rows = _asked(capsys, "forecast", "--by", "city", "--year", 2019, "--through", 10, "-l", ledger)
    months = _asked(capsys, "share", "--by", "month,city", "-l", ledger)
    for row in (one for one in rows if one["city_code"]):
        mine = [one for one in months if one["city_code"] == row["city_code"]]

        def sums(year: int, last: int, mine: list[dict[str, str]] = mine) -> tuple[int, int]:
            kept = [one for one in mine if f"{year}-01" <= one["month"] <= f"{year}-{last:02d}"]
            green = sum(int(one["green"]) for one in kept)
            return green, sum(int(one["eligible"]) for one in kept) - green

        def carried(green: Fraction, rest: Fraction) -> Fraction:
            return green / (green + rest) * 100

        now = sums(2019, 10)
        factors = [[Fraction(b, a) for a, b in zip(sums(y, 10), sums(y, 12), strict=True)] for y in range(2015, 2019)]
        means = [sum(one) / len(factors) for one in zip(*factors, strict=True)]
        single = [carried(now[0] * green, now[1] * rest) for green, rest in factors]
        expected = (carried(now[0] * means[0], now[1] * means[1]), min(single), max(single))
        shown = [row[name] for name in ("forecast", "forecast_low", "forecast_high")]
        assert shown == [str(round_half_away(one, 2)) for one in expected]
        assert abs(Decimal(row["forecast"]) - Decimal(row["actual"])) < 2
