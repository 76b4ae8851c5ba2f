"""`chorok network`: members, sums, ranks and remarks equal to plain sums over the same lines, year by year."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import builders
from builders import GREEN, PLAIN, keyed, take, write_csv
from chorok.core.cities import City
from chorok.ledger import kept
from chorok.ledger.store import Ledger

NET = "N-NET"
JOINED = date(2019, 7, 1)


def place(code: str, kind: str, parent: str | None, since: date | None = None, until: date | None = None) -> dict:
    names = {"name_ko": f"{code}시", "name_en": f"Town {code}"}
    return {"code": code, **names, "kind": kind, "parent": parent, "valid_from": since, "valid_until": until}


ORGANISATIONS = [
    place(NET, "network", None),
    place("A", "city", NET),
    place("A1", "district", "A"),
    place("A2", "district", "A"),
    place("B", "city", NET),
    place("LATE", "city", NET, JOINED, None),
    place("DAY", "city", None, None, JOINED),
    place("DAY", "city", NET, JOINED, None),
    place("P", "province", NET),
    place("P1", "city", "P"),
    place("NONE", "city", NET),
    place("OUT", "city", None),
]
BUYERS = ("A", "A1", "A2", "B", "LATE", "DAY", "P", "P1", "OUT", NET)


def lines() -> list[dict]:
    chance = random.Random(11)
    return [
        {
            "day": f"{year}-{month:02d}-{chance.randint(1, 28):02d}",
            "org": org,
            "product": chance.choice([GREEN, PLAIN]),
            "class_": "90000001",
            "amount": chance.randint(1_000, 90_000),
        }
        for year in (2018, 2019)
        for month in range(1, 13)
        for org in BUYERS
        for _ in range(3)
    ]


LINES = lines()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("망")
    ledger = Ledger.create(folder / "ledger", "2020-03-01")
    builders.register(ledger, organisations=ORGANISATIONS)
    take(ledger, write_csv(folder / "lines.csv", [keyed(i, **line) for i, line in enumerate(LINES)]))
    for city in (City("A", 2019, 100, budget=10**9), City("B", 2019, 1_000_000, budget=10**8)):
        kept.add(ledger, "cities", city)
    return ledger.path


def sums(year: int) -> dict[str, list[int]]:
    """Member -> [total, green] by hand: districts with their city, a province with its city, DAY from its day on."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in LINES:
        if not line["day"].startswith(str(year)):
            continue
        org = line["org"]
        own = {"A1": "A", "A2": "A"}.get(org, org)
        if own == "OUT" or (own == "DAY" and line["day"] < JOINED.isoformat()) or (own == "LATE" and year < 2019):
            continue
        for code in {own, "P" if own == "P1" else own}:
            found[code][0] += line["amount"]
            found[code][1] += line["amount"] if line["product"] == GREEN else 0
    return found


def asked(run, ledger: Path, *words: object) -> dict[str, dict[str, Any]]:
    return {row["member_code"]: row for row in run("network", *words, "-l", ledger, "--json").json}


def test_a_year_by_hand(run, filled: Path) -> None:
    rows, known = asked(run, filled, "--year", 2019), sums(2019)
    assert set(rows) == {"A", "B", "LATE", "DAY", "P", "P1", "NONE", NET}
    for code in ("A", "B", "LATE", "DAY", "P", "P1"):
        total, green = known[code]
        assert (rows[code]["eligible"], rows[code]["green"]) == (total, green), code
        assert abs(Fraction(rows[code]["share"]) - Fraction(green * 100, total)) <= Fraction(1, 200)
    tops = ("A", "B", "LATE", "DAY", "P", NET)
    whole = [sum(known[code][i] for code in tops) for i in (0, 1)]
    assert [rows[NET][name] for name in ("eligible", "green")] == whole
    ranked = sorted(("A", "B", "LATE", "P"), key=lambda code: -Fraction(known[code][1], known[code][0]))
    assert [code for code in rows if rows[code]["rank"]] == ranked
    assert [rows[code]["rank"] for code in ranked] == [1, 2, 3, 4]


def test_why_others_have_no_rank(run, filled: Path) -> None:
    rows = asked(run, filled, "--year", 2019)
    assert {code: row["remark"] for code, row in rows.items() if row["rank"] is None} == {
        "DAY": ["period", "few_lines"],
        "P1": ["part_of"],
        "NONE": ["no_data"],
        NET: [],
    }
    said = run("network", "--year", 2019, "-l", filled, "--lang", "en").out
    assert "data of 2019-07–2019-12, most have 2019-01–2019-12" in " ".join(said.split())
    assert "counted in Town P" in said
    assert asked(run, filled, "--year", 2019, "--few", 0)["DAY"]["remark"] == ["period"]


def test_a_year_has_the_members_of_that_year(run, filled: Path) -> None:
    rows, known = asked(run, filled, "--year", 2018), sums(2018)
    assert set(rows) == {"A", "B", "P", "P1", "NONE", NET}
    assert rows[NET]["eligible"] == sum(known[code][0] for code in ("A", "B", "P", NET))
    left_out = sum(line["amount"] for line in LINES if line["org"] == "LATE" and line["day"] < "2019")
    told = " ".join(run("network", "--year", 2018, "-l", filled, "--lang", "en").err.split())
    assert f"{left_out:,} KRW of eligible spending is of cities that were no members" in told
    assert f"{known[NET][0]:,} KRW of eligible spending is of none of the members" in told


def test_who_belonged_when(run, filled: Path) -> None:
    rows = run("network", "--members", "-l", filled, "--json").json
    held = {row["member_code"]: (row["part_of"], row["since"], row["until"]) for row in rows}
    assert held["A"] == (None, None, None)
    assert held["LATE"] == held["DAY"] == (None, "2019-07-01", None)
    assert held["P1"] == ("Town P", None, None)
    assert "OUT" not in held


def test_year_by_year(run, filled: Path) -> None:
    rows = run("network", "--by", "year", "-l", filled, "--json", "--lang", "en").json
    assert [row["year"] for row in rows] == ["2018", "2019"]
    for row in rows:
        known = sums(int(row["year"]))
        ranked = ("A", "B", "P") if row["year"] == "2018" else ("A", "B", "P", "LATE")
        shares = {code: Fraction(known[code][1], known[code][0]) for code in ranked}
        assert row["members_ranked"] == len(ranked)
        assert abs(Fraction(row["mean"]) - sum(shares.values()) / len(shares) * 100) <= Fraction(1, 200)
        assert abs(Fraction(row["spread"]) - (max(shares.values()) - min(shares.values())) * 100) <= Fraction(1, 200)
        assert row["highest"].startswith(f"Town {max(shares, key=shares.__getitem__)} ")
        assert row["together"] == row["share"]


def test_per_head_and_per_budget(run, filled: Path) -> None:
    rows, known = asked(run, filled, "--year", 2019, "--per", "head"), sums(2019)
    assert [code for code in rows if rows[code]["rank"]] == ["A", "B"]
    assert rows["A"]["green_per_head"] == int((Decimal(known["A"][1]) / 100).quantize(Decimal(1), "ROUND_HALF_UP"))
    assert rows["P"]["remark"] == ["no_profile"]
    assert rows["P"]["population"] is None
    budgets = asked(run, filled, "--year", 2019, "--per", "budget")
    assert abs(Fraction(budgets["B"]["green_per_budget"]) - Fraction(known["B"][1], 10**6)) <= Fraction(1, 200)
    said = run("network", "--year", 2019, "--per", "head", "-l", filled, "--lang", "en")
    assert "no profile" in said.out
    assert "[[cities]]" in said.err


def test_profiles_may_come_from_another_file(run, filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "현황.toml"
    file.write_text('[[cities]]\ncode = "P"\nyear = 2019\npopulation = 7\n', encoding="utf-8")
    rows = asked(run, filled, "--year", 2019, "--per", "head", "--cities", file)
    assert [code for code in rows if rows[code]["rank"]] == ["P"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[[cities]]\ncode = "P"\nyear = 2019\npopulation = 0\n', "population"),
        ('[[cities]]\ncode = "P"\nyear = 2019\npeople = 7\n', "people"),
        ('[[cities]]\ncode = "P"\nyear = 2019\n' * 2, "two profiles"),
    ],
)
def test_a_profile_that_cannot_be_used_is_a_clear_error(
    run, filled: Path, tmp_path: Path, text: str, what: str
) -> None:
    file = tmp_path / "cities.toml"
    file.write_text(text, encoding="utf-8")
    ran = run("network", "--year", 2019, "-l", filled, "--cities", file, "--lang", "en")
    assert ran.code == 3
    assert what in ran.err


def test_districts_of_a_city_and_cities_of_a_province(run, filled: Path) -> None:
    rows = asked(run, filled, "--year", 2019, "-o", "Town A")
    assert set(rows) == {"A1", "A2", "A"}
    assert rows["A"]["eligible"] == sums(2019)["A"][0], "with what the city's own offices bought"
    assert set(asked(run, filled, "--year", 2019, "-o", "P")) == {"P1", "P"}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "words",
    [("--year", "2019"), ("--by", "year"), ("--members",), ("--per", "head"), ("--per", "budget", "--by", "year")],
    ids=" ".join,
)
def test_it_speaks_both_languages_and_three_forms(run, filled: Path, language: str, words: tuple) -> None:
    asked_for = ("network", *words, "-l", filled, "--lang", language)
    table, as_csv, as_json = run(*asked_for), run(*asked_for, "--csv"), run(*asked_for, "--json")
    assert table.code == as_csv.code == as_json.code == 0, table.err
    header, *rows = csv.reader(io.StringIO(as_csv.out))
    assert len(rows) == len(as_json.json)
    assert set(as_json.json[0]) - {"currency"} <= set(header)
    assert any("가" <= letter <= "힣" for letter in table.out) == (language == "ko")


def test_what_is_not_there_yet_is_said_with_what_to_do(run, filled: Path, ledger: Ledger, bare: Ledger) -> None:
    nothing = run("network", "--year", 2014, "-l", filled, "--lang", "en")
    assert nothing.code == 0
    assert "no purchases in 2014" in " ".join(nothing.err.split())
    assert run("network", "--year", 2014, "-l", filled, "--json").json == []
    assert run("network", "--members", "-o", "B", "-l", filled, "--json").json == []
    alone = run("network", "-o", "A1", "--year", 2019, "-l", filled, "--lang", "en")
    assert (alone.code, alone.out) == (0, "")
    assert "Town A1 has no members" in alone.err
    builders.register(bare, organisations=[place("A", "city", None)])
    take(bare, write_csv(bare.path.parent / "one.csv", [keyed(1, org="A")]))
    none = run("network", "-l", bare.path, "--lang", "en")
    assert none.code == 0
    assert "no network yet" in " ".join(none.err.split())


@pytest.mark.parametrize(
    "words",
    [
        ("--per", "colour"),
        ("--by", "month"),
        ("--by", "year", "--year", "2019"),
        ("-o", "nowhere"),
        ("--basis", "x"),
        ("--json", "--csv"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_is_a_clear_error(run, filled: Path, words: tuple) -> None:
    for language in ("ko", "en"):
        ran = run("network", *words, "-l", filled, "--lang", language)
        assert ran.code == 2
        assert ran.err.strip()


def test_several_networks_are_a_question(run, bare: Ledger) -> None:
    builders.register(bare, organisations=[place("X", "network", None), place("Y", "network", None)])
    take(bare, write_csv(bare.path.parent / "one.csv", [keyed(1, org="X")]))
    ran = run("network", "-l", bare.path, "--lang", "en")
    assert ran.code == 2
    assert "X, Y" in ran.err


def close(run, ledger: Path, code: str, *verbs: str) -> None:
    for verb in verbs:
        ran = run("periods", verb, code, "2019", "--by", "담당", "--on", "2020-02-01", "-l", ledger)
        assert ran.code == 0, ran.err


def test_closed_figures_say_how_firm_they_are_and_what_became_of_them(run, filled: Path, tmp_path: Path) -> None:
    ledger = builders.copy(filled, tmp_path / "ledger")
    for code in ("A", "LATE", "P"):
        close(run, ledger.path, code, "submit", "accept", "finalise")
    rows, known = asked(run, ledger.path, "--year", 2019, "--few", 0), sums(2019)
    assert {code: row["closing_state"] for code, row in rows.items() if row["closing_state"]} == {
        "A": "final", "LATE": "final", "P": "final", "B": "preliminary", "DAY": "preliminary", "P1": "preliminary",
    }  # fmt: skip
    assert (rows["B"]["remark"], rows["B"]["rank"] is not None) == (["status"], True)
    assert rows["A"]["remark"] == []
    said = run("network", "--year", 2019, "-l", ledger.path, "--lang", "en")
    assert "unequal status" in said.err
    assert "differences" not in said.err
    assert "unequal status" in run("network", "--by", "year", "-l", ledger.path, "--lang", "en").err
    more = keyed(9001, day="2019-05-05", org="A1", product=GREEN, class_="90000001", amount=5000)
    take(ledger, write_csv(tmp_path / "more.csv", [more]), source="later")
    after = asked(run, ledger.path, "--year", 2019, "--few", 0)
    assert after["A"]["remark"] == ["changed"]
    assert after["A"]["eligible"] == known["A"][0] + 5000
    told = " ".join(run("network", "--year", 2019, "-l", ledger.path, "--lang", "en").err.split())
    assert f"sent as {known['A'][1]:,} / {known['A'][0]:,} KRW" in told
    assert f"now says {known['A'][1] + 5000:,} / {known['A'][0] + 5000:,} KRW" in told
    assert "chorok periods differences A 2019" in told


def test_a_closing_on_another_basis_makes_nothing_firm(run, filled: Path, tmp_path: Path) -> None:
    ledger = builders.copy(filled, tmp_path / "ledger")
    close(run, ledger.path, "A", "submit")
    rows = asked(run, ledger.path, "--year", 2019, "--basis", "all_goods")
    assert {row["closing_state"] for row in rows.values()} <= {"preliminary", None}
    assert "changed" not in rows["A"]["remark"]


def test_what_is_not_defined_has_no_percent_sign_and_currencies_are_named(run, bare: Ledger, tmp_path: Path) -> None:
    builders.register(bare, organisations=ORGANISATIONS)
    minus = [keyed(1, org="A", product=GREEN, amount=-5000), keyed(2, org="B", product=GREEN, amount=100)]
    take(bare, write_csv(tmp_path / "won.csv", minus))
    said = run("network", "--year", 2019, "-l", bare.path, "--lang", "en").out
    assert "Together not defined (" in said
    assert "KRW:" not in said
    dollars = [keyed(3, org="B", product=GREEN, amount=7, currency="USD")]
    take(bare, write_csv(tmp_path / "usd.csv", dollars), source="usd")
    several = run("network", "--year", 2019, "-l", bare.path, "--lang", "en").out
    assert "KRW: Together not defined (" in several
    assert "USD: Together 100.00 %" in several
    assert several.count("Equal figures share a rank") == 1


def test_purchases_without_any_item_group_say_what_to_import(run, bare: Ledger, tmp_path: Path) -> None:
    builders.register(bare, groups=(), certificates=(), organisations=ORGANISATIONS)
    take(bare, write_csv(tmp_path / "one.csv", [keyed(1, org="A", amount=4000, name="무엇")]))
    for words in (("network", "--year", 2019), ("drivers", "--from", 2018, "--to", 2019), ("share",)):
        told = " ".join(run(*words, "-l", bare.path, "--lang", "en").err.split())
        assert "No item group is known for any of these purchases (4,000 KRW)" in told, words
        assert "chorok certificates import" in told
