"""`chorok drivers`: equal to a split by hand of the same lines, additive as shown, clear where nothing can be split."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import builders
from builders import CITY, EAST, EMPTY_CITY, GREEN, OTHER_CITY, OTHER_WEST, PLAIN, WEST, keyed, take, write_csv
from chorok.ledger.store import Ledger

TODAY = "2020-04-01"
CLASSES = {"90000001": "Chairs", "90000002": "Drainpipes"}
CITIES = {CITY: CITY, WEST: CITY, EAST: CITY, OTHER_CITY: OTHER_CITY, OTHER_WEST: OTHER_CITY}


def lines() -> list[dict]:
    chance = random.Random(7)
    return [
        {
            "day": f"{chance.choice([2017, 2018, 2019])}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            "org": chance.choice(list(CITIES)),
            "product": chance.choice([GREEN, PLAIN]),
            "class_": chance.choice(list(CLASSES)),
            "amount": chance.randint(1_000, 900_000),
        }
        for _ in range(300)
    ]


LINES = lines()
LATE = [
    {"day": "2020-01-05", "org": CITY, "product": PLAIN, "class_": "90000001", "amount": 5_000},
    {"day": "2020-01-06", "org": OTHER_CITY, "product": PLAIN, "class_": "90000001", "amount": -5_000},
]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of three years and a little of a fourth, whose today is in the fourth."""
    folder = tmp_path_factory.mktemp("요인")
    ledger = Ledger.create(folder / "ledger", TODAY)
    builders.register(ledger)
    rows = [keyed(number, **line) for number, line in enumerate([*LINES, *LATE])]
    take(ledger, write_csv(folder / "lines.csv", rows))
    return ledger.path


def sums(city: str, year: int) -> dict[str, list[int]]:
    """Class -> [total, green] of a city's lines in a year."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in LINES:
        if CITIES[line["org"]] == city and line["day"].startswith(str(year)):
            found[line["class_"]][0] += line["amount"]
            found[line["class_"]][1] += line["amount"] if line["product"] == GREEN else 0
    return found


def whole(city: str, year: int) -> tuple[int, int]:
    rows = sums(city, year).values()
    return sum(total for total, _ in rows), sum(green for _, green in rows)


def near(text: str, exact: Fraction, units: int = 1) -> bool:
    return abs(Fraction(text) - exact * 100) < Fraction(units, 100)


def test_yearly_steps_are_those_of_the_lines(run, compared: Path) -> None:
    rows = run("drivers", "--from", 2017, "--to", 2019, "-o", CITY, "-l", compared, "--json").json
    assert [(row["before"], row["after"]) for row in rows] == [("2017", "2018"), ("2018", "2019"), ("2017", "2019")]
    greens = []
    for row in rows[:2]:
        (t0, g0), (t1, g1) = whole(CITY, int(row["before"])), whole(CITY, int(row["after"]))
        money = [row[name] for name in ("eligible_before", "green_before", "eligible_after", "green_after")]
        assert money == [t0, g0, t1, g1]
        greens.append(Fraction(g1 - g0) * (Fraction(1, t0) + Fraction(1, t1)) / 2)
        assert near(row["green_effect"], greens[-1])
        assert near(row["share_change"], Fraction(g1, t1) - Fraction(g0, t0))
    assert near(rows[2]["green_effect"], sum(greens))
    for row in rows:
        assert Decimal(row["green_effect"]) + Decimal(row["denominator_effect"]) == Decimal(row["share_change"])
    for name in ("share_change", "green_effect", "denominator_effect"):
        assert sum(Decimal(row[name]) for row in rows[:2]) == Decimal(rows[2][name])


def test_items_are_split_into_rate_and_mix(run, compared: Path) -> None:
    *rows, total = run(
        "drivers", "--from", 2018, "--to", 2019, "-o", CITY, "-l", compared, "--json", "--by", "item"
    ).json
    assert {row["item"] for row in rows} == set(CLASSES.values())
    assert total["item_code"] == "total"
    years = {year: (sums(CITY, year), whole(CITY, year)) for year in (2018, 2019)}
    for row in rows:
        code = next(code for code, name in CLASSES.items() if name == row["item"])
        weights = [Fraction(items[code][0], total_[0]) for items, total_ in years.values()]
        rates = [Fraction(items[code][1], items[code][0]) for items, _ in years.values()]
        assert near(row["rate_effect"], (rates[1] - rates[0]) * sum(weights) / 2)
        mean = sum(Fraction(green, money) for _, (money, green) in years.values()) / 2
        assert near(row["mix_effect"], (weights[1] - weights[0]) * (sum(rates) / 2 - mean), 2)
        assert near(row["weight_after"], weights[1])
    for name in ("rate_effect", "mix_effect", "share_change"):
        assert sum(Decimal(row[name]) for row in rows) == Decimal(total[name])


def test_without_periods_it_is_the_last_year_that_is_over(run, compared: Path) -> None:
    (row,) = run("drivers", "-o", CITY, "-l", compared, "--json").json
    assert (row["before"], row["after"]) == ("2018", "2019")


def test_two_organisations_in_one_period(run, compared: Path) -> None:
    (row,) = run(
        "drivers", "-o", "Garam", "--versus", "누리시", "--to", 2019, "-l", compared, "--json", "--lang", "en"
    ).json
    assert (row["before"], row["after"]) == ("Nuri", "Garam")
    shares = [Fraction(*reversed(whole(city, 2019))) for city in (OTHER_CITY, CITY)]
    assert near(row["share_change"], shares[1] - shares[0])
    said = run("drivers", "-o", CITY, "--versus", OTHER_CITY, "--to", 2019, "-l", compared, "--lang", "en").out
    assert f"{row['share_change'].lstrip('+-')} %p {'more' if shares[1] > shares[0] else 'less'} than Nuri" in said


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("by", ["step", "item"])
def test_it_speaks_both_languages_and_three_forms(run, compared: Path, language: str, by: str) -> None:
    words = ("drivers", "--from", 2017, "--to", 2019, "--by", by, "-l", compared, "--lang", language)
    table, as_csv, as_json = run(*words), run(*words, "--csv"), run(*words, "--json")
    assert table.code == as_csv.code == as_json.code == 0
    header, *rows = csv.reader(io.StringIO(as_csv.out))
    assert len(rows) == len(as_json.json)
    assert set(header) <= set(as_json.json[0])
    assert ("중간점" in table.out) == (language == "ko")
    shown = {row["share_change"] for row in as_json.json}
    assert all(change in table.out for change in shown)


def test_the_words_say_what_drove_it(run, compared: Path) -> None:
    (row,) = run("drivers", "-o", CITY, "-l", compared, "--json").json
    said = run("drivers", "-o", CITY, "-l", compared, "--lang", "en").out
    green, denominator = Decimal(row["green_effect"]), Decimal(row["denominator_effect"])
    first, last = (
        ("green spending", "denominator") if abs(green) > abs(denominator) else ("denominator", "green spending")
    )
    assert said.index(f"came from {'the ' if first == 'denominator' else ''}{first}") < said.index(
        last, said.index("came from")
    )
    (t0, _), (_, g1) = whole(CITY, 2018), whole(CITY, 2019)
    assert f"would have given {float(Fraction(g1, t0) * 100):.2f} %" in said


def test_a_year_that_is_not_over_is_said_so(run, compared: Path) -> None:
    ran = run("drivers", "--to", 2020, "-o", CITY, "-l", compared, "--lang", "en")
    assert ran.code == 0
    assert f"not over on {TODAY}" in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--to", 2020, "-o", OTHER_CITY), "denominator is not positive"),
        (("--from", 2014, "--to", 2018, "-o", CITY), "no data for 2014"),
        (("-o", CITY, "--versus", EMPTY_CITY), "no data for Dasom"),
        (("-o", EMPTY_CITY), "no purchases to compare"),
        (("-o", CITY, "--definition", "busan"), "definition is not known"),
    ],
)
def test_what_cannot_be_told_is_said_with_what_to_do(run, compared: Path, words: tuple, why: str) -> None:
    ran = run("drivers", *words, "-l", compared, "--lang", "en")
    assert ran.code == 0, ran.err
    assert why in " ".join(ran.err.split())
    assert run("drivers", *words, "-l", compared, "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2019", "--to", "2018"),
        ("--from", "2018H1", "--to", "2019"),
        ("--to", "2017..2019"),
        ("--to", "..2019"),
        ("--versus", CITY),
        ("-o", CITY, "--versus", OTHER_CITY, "--from", "2018"),
        ("--by", "colour"),
        ("-o", "서구"),
        ("-o", "nowhere"),
        ("--basis", "x"),
        ("--json", "--csv"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_cannot_be_asked_is_a_clear_error(run, compared: Path, words: tuple, language: str) -> None:
    ran = run("drivers", *words, "-l", compared, "--lang", language)
    assert ran.code == 2
    assert ran.err.strip()
    assert "Traceback" not in ran.err


def test_currencies_are_split_each_by_itself(run, ledger: Ledger, tmp_path: Path) -> None:
    cells = [(year, product) for year in (2018, 2019) for product in (GREEN, PLAIN)]
    for start, currency, skipped in ((0, "KRW", 4), (10, "USD", 0)):
        rows = [
            keyed(start + i, day=f"{year}-05-05", product=product, class_="90000001", currency=currency)
            for i, (year, product) in enumerate(cells)
            if i != skipped
        ]
        take(ledger, write_csv(tmp_path / f"{currency}.csv", rows))
    found = run("drivers", "--from", 2018, "--to", 2019, "-l", ledger.path, "--json").json
    assert {(row["currency"], row["share_change"]) for row in found} == {("KRW", "+0.00"), ("USD", "+50.00")}
    said = run("drivers", "--from", 2018, "--to", 2019, "-l", ledger.path, "--lang", "en").out
    assert "KRW: The share stayed the same" in said
    assert "USD: The share rose" in said
    assert "KRW:" not in run("drivers", "--from", 2018, "--to", 2019, "-o", EMPTY_CITY, "-l", ledger.path).out


def test_more_green_than_was_spent_before_is_no_share(run, ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        keyed(1, day="2018-05-05", product=PLAIN, class_="90000001", amount=100),
        keyed(2, day="2019-05-05", product=GREEN, class_="90000001", amount=250),
    ]
    take(ledger, write_csv(tmp_path / "more.csv", rows))
    said = run("drivers", "--from", 2018, "--to", 2019, "-l", ledger.path, "--lang", "en").out
    assert "alone is more than all eligible spending of 2018 (250.00 %)" in said
    assert "would have given" not in said


def test_every_step_has_its_bounds_by_hand(run, ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        keyed(1, day="2017-05-05", product=GREEN, class_="90000001", amount=100),
        keyed(2, day="2018-05-05", product=GREEN, class_="90000001", amount=50),
        keyed(3, day="2018-05-05", product=PLAIN, class_="90000001", amount=50),
        keyed(4, day="2019-05-05", product=GREEN, class_="90000001", amount=50),
        keyed(5, day="2019-05-05", class_="90000001", amount=50, name="의자 외 2종"),
    ]
    take(ledger, write_csv(tmp_path / "open.csv", rows))
    found = run("drivers", "--from", 2017, "--to", 2019, "-l", ledger.path, "--json").json
    assert [(row["share_change"], row["change_low"], row["change_high"]) for row in found] == [
        ("-50.00", "-50.00", "-50.00"), ("+0.00", "+0.00", "+50.00"), ("-50.00", "-50.00", "+0.00"),
    ]  # fmt: skip
