"""Figures against an oracle in plain Python: who bought what when, added up by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from builders import (
    BOTH,
    CARBON,
    CHAIR,
    CITY,
    EAST,
    EMPTY_CITY,
    GIVEN_UP,
    GREEN,
    LABELLED,
    LAMP,
    LAMP_FROM,
    MOVED,
    MOVED_ON,
    OTHER_CITY,
    OTHER_WEST,
    PIPE,
    PIPE_UNTIL,
    PLAIN,
    REVOKED,
    UNDATED,
    WEST,
    amounts,
    ask,
    copy,
    keyed,
    profile,
    take,
    write_csv,
)  # fmt: skip
from chorok.core.errors import BadInputError, LedgerError, UsageError
from chorok.core.measures.share import Amounts
from chorok.core.periods import parse
from chorok.ledger.figures import DIMENSIONS, Question
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

CLASSES = {"90000001": CHAIR, "90000002": PIPE, "90000003": LAMP, "99999999": None}
STANDARD = {PIPE: (date.min, PIPE_UNTIL), LAMP: (LAMP_FROM, date.max)}
PLACED = {
    CITY: CITY, "가람시": CITY, "가람시청": CITY, OTHER_CITY: OTHER_CITY, "T-NET": "T-NET",
    EAST: EAST, "동구": EAST, "가람시 서구": WEST, "누리시 서구": OTHER_WEST, "서구": None,
    MOVED: MOVED, "공원공단": MOVED, "없는기관": None,
}  # fmt: skip
"""As written in a file -> the organisation; two districts are called 서구."""
FIRST, LAST = date(2017, 1, 1), date(2021, 12, 31)


def spans(product: str) -> list[tuple[date, date, bool]]:
    """When a product is green (first and last day), and whether that is certain; the national definition."""
    return {
        GREEN: [(FIRST, date(2019, 12, 31), True)],
        BOTH: [(FIRST, date(2020, 6, 30), True)],
        REVOKED: [(FIRST, date(2019, 2, 28), True)],
        UNDATED: [(FIRST, date(2020, 12, 31), False)],
        GIVEN_UP: [(FIRST, date(2020, 12, 31), False)],
        CARBON: [(date(2020, 7, 30), date(2021, 12, 31), True)],
        LABELLED: [(date(2019, 5, 5), date(2019, 5, 5), True), (FIRST, LAST, False)],
    }.get(product, [])


def state_of(line: dict) -> tuple[str, str | None]:
    """State and item group of a line on its day."""
    if line["kind"] == "works" and not line["class_"] and not line["product"]:
        return "not_eligible", None
    if not line["class_"] and not line["product"]:
        return "undetermined", None
    group = CLASSES[line["class_"]] if line["class_"] else CHAIR  # the certificate says chairs
    listed = spans(line["product"]) != []
    if group is None and not listed:
        return "not_eligible", None
    group = group or CHAIR
    begin, end = STANDARD.get(group, (date.min, date.max))
    if not begin <= line["day"] < end:
        return "not_eligible", group
    here = [certain for first, last, certain in spans(line["product"]) if first <= line["day"] <= last]
    if any(here) or (not here and group == CHAIR) or (not here and listed):
        return ("green" if here else "not_green"), group
    return "undetermined", group  # only the list of chairs has numbers that one can be missing from


def city_of(code: str | None, on: date) -> str | None:
    if code == MOVED:
        return CITY if on < MOVED_ON else OTHER_CITY
    return {CITY: CITY, WEST: CITY, EAST: CITY, OTHER_CITY: OTHER_CITY, OTHER_WEST: OTHER_CITY}.get(code or "")


def key_of(name: str, line: dict, on: date) -> str | None:
    day, code = line["day"], line["code"]
    month = day.month
    return {
        "year": str(day.year),
        "half": f"{day.year}H{(month + 5) // 6}",
        "quarter": f"{day.year}Q{(month + 2) // 3}",
        "month": f"{day.year}-{month:02d}",
        "network": "T-NET" if code else None,
        "city": city_of(code, on),
        "district": code if code in (WEST, EAST, OTHER_WEST) else None,
        "organisation": code or line["org"],
        "department": line["department"] or None,
        "item": state_of(line)[1],
        "kind": line["kind"],
    }[name]


def summed(lines: list[dict], by: tuple[str, ...], tree: str = "then") -> dict:
    sums: dict = defaultdict(Amounts)
    for line in lines:
        state, group = state_of(line)
        column = "unknown" if state == "undetermined" and group is None else state
        amount = line["amount"]
        extra = {"exempt": amount} if state == "not_green" and line["ground"] else {}
        if state == "not_eligible" and line["kind"] != "goods" and not line["class_"] and not line["product"]:
            extra["materials_unknown"] = amount
        keys = tuple(key_of(name, line, line["day"] if tree == "then" else date.max) for name in by)
        sums[keys] += Amounts(lines=1, amount=amount, **{column: amount, **extra})
    return dict(sums)


def drawn() -> list[dict]:
    random_ = random.Random(7)
    corners = [MOVED_ON, LAMP_FROM, PIPE_UNTIL, date(2019, 3, 1), date(2020, 7, 30), date(2019, 5, 5), date(2020, 1, 1)]
    days = [corner + timedelta(step) for corner in corners for step in (-1, 0)]
    days += [FIRST + timedelta(random_.randrange((LAST - FIRST).days)) for _ in range(40)]
    products = [GREEN, BOTH, REVOKED, UNDATED, GIVEN_UP, CARBON, LABELLED, PLAIN]
    found = []
    for number in range(400):
        kind = random_.choice(["goods", "goods", "goods", "works"])
        product, class_ = random_.choice(
            [(random_.choice(products), random_.choice(list(CLASSES))), (random_.choice(products[:-1]), ""), ("", "")]
        )
        org = random_.choice(list(PLACED))
        found.append({
            "number": number, "day": random_.choice(days), "org": org, "code": PLACED[org], "kind": kind,
            "department": random_.choice(["", "환경과", "회계과"]), "product": product, "class_": class_,
            "amount": random_.randrange(-(10**6), 10**10), "ground": random_.choice(["", "", "2"]),
        })  # fmt: skip
    return found


LINES = drawn()


@pytest.fixture(scope="module")
def bought(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    ledger = copy(registered, tmp_path_factory.mktemp("셈") / "ledger")
    file = ledger.path.parent / "구매.csv"
    rows = [
        keyed(line["number"], day=line["day"], org=line["org"], product=line["product"], class_=line["class_"],
              department=line["department"], amount=line["amount"], ground=line["ground"], name="ㅁㅁㅁ",
              kind={"goods": "물품", "works": "공사"}[line["kind"]])
        for line in LINES
    ]  # fmt: skip
    assert take(ledger, write_csv(file, rows)).batch.total().accepted.lines == len(LINES)
    return ledger


@pytest.mark.parametrize(
    "by",
    [*((name,) for name in DIMENSIONS), (), ("year", "city"), ("city", "year"), ("quarter", "organisation", "item"),
     ("month", "department", "kind", "item")],
    ids="-".join,
)  # fmt: skip
def test_every_dimension(bought: Ledger, by: tuple[str, ...]) -> None:
    assert amounts(ask(bought, *by)) == summed(LINES, by)


@pytest.mark.parametrize("by", [("city",), ("year", "city"), ("organisation",)], ids="-".join)
def test_organisations_as_they_stand_now(bought: Ledger, by: tuple[str, ...]) -> None:
    assert amounts(ask(bought, *by, tree="now")) == summed(LINES, by, "now")
    assert any(line["code"] == MOVED and line["day"] < MOVED_ON for line in LINES)


@pytest.mark.parametrize("tree", ["then", "now"])
@pytest.mark.parametrize("scope", [CITY, OTHER_CITY])
def test_a_subtree(bought: Ledger, scope: str, tree: str) -> None:
    inside = [line for line in LINES if city_of(line["code"], line["day"] if tree == "then" else date.max) == scope]
    assert amounts(ask(bought, "year", organisation=scope, tree=tree)) == summed(inside, ("year",))
    east = [line for line in LINES if line["code"] == EAST]
    assert amounts(ask(bought, "year", organisation=EAST, tree=tree)) == summed(east, ("year",))


@pytest.mark.parametrize("period", ["2019", "2019H1", "2020Q3", "2019-07", "2018..2019Q1"])
def test_a_period(bought: Ledger, period: str) -> None:
    stretch = parse(period)
    inside = [line for line in LINES if stretch.since <= line["day"] < stretch.until]
    assert inside
    assert amounts(ask(bought, "item", period=stretch)) == summed(inside, ("item",))


def test_the_bases(bought: Ledger) -> None:
    for basis in ("eligible", "eligible_less_grounds"):
        assert amounts(ask(bought, "year", basis=basis)) == summed(LINES, ("year",))
    goods = [line for line in LINES if line["kind"] == "goods"]
    (figure,) = ask(bought, basis="all_goods").figures
    total = sum(line["amount"] for line in goods)
    green = sum(line["amount"] for line in goods if state_of(line)[0] == "green")
    assert figure.amounts.share("all_goods").value == Fraction(green, total)
    (figure,) = ask(bought, basis="eligible_less_grounds").figures
    counted = [line for line in LINES if state_of(line)[0] != "not_eligible" and state_of(line)[1]]
    counted = [line for line in counted if not (state_of(line)[0] == "not_green" and line["ground"])]
    green = sum(line["amount"] for line in counted if state_of(line)[0] == "green")
    assert figure.amounts.share("eligible_less_grounds").value == Fraction(green, sum(x["amount"] for x in counted))


def test_every_way_to_break_it_down_adds_up_to_the_same(bought: Ledger) -> None:
    (whole,) = ask(bought).figures
    assert whole.amounts.lines == len(LINES)
    for name in DIMENSIONS:
        assert sum((figure.amounts for figure in ask(bought, name).figures), Amounts()) == whole.amounts


def test_what_cannot_be_placed_is_said_with_its_sum(bought: Ledger) -> None:
    unplaced = ask(bought, "city").unplaced
    said = {name: sum(x["amount"] for x in LINES if x["org"] == name) for name in ("서구", "없는기관")}
    assert unplaced == said
    assert ask(bought, "year").unplaced == {}


def test_members_without_data_are_named_and_not_counted_as_zero(bought: Ledger) -> None:
    answer = ask(bought, "city")
    assert answer.without_data == (EMPTY_CITY,)
    assert EMPTY_CITY not in {figure.keys[0] for figure in answer.figures}
    assert ask(bought, "city", organisation=CITY).without_data == ()
    assert ask(bought, "year").without_data == ()


def test_before_a_local_definition_is_known_it_says_so(bought: Ledger) -> None:
    for figure in ask(bought, "year", definition="busan").figures:
        assert figure.amounts.not_known == figure.amounts.amount
        assert figure.amounts.share().value is None


def test_a_district_name_means_the_one_in_the_city_the_file_is_of(ledger: Ledger, tmp_path: Path) -> None:
    for number, city in enumerate((CITY, OTHER_CITY)):
        rows = [keyed(10 * number + n, org="서구", amount=n + 1 + number, product=GREEN) for n in range(3)]
        take(ledger, write_csv(tmp_path / f"{city}.csv", rows), answers={"organisation": city})
    found = amounts(ask(ledger, "city", "organisation"))
    assert {keys: one.amount for keys, one in found.items()} == {(CITY, WEST): 6, (OTHER_CITY, OTHER_WEST): 9}


def test_currencies_are_never_added(ledger: Ledger, tmp_path: Path) -> None:
    won = [keyed(number, amount=1000, product=GREEN) for number in range(3)]
    dollars = [keyed(100 + number, amount="10.50", currency="USD", product=GREEN) for number in range(3)]
    take(ledger, write_csv(tmp_path / "krw.csv", won))
    take(ledger, write_csv(tmp_path / "usd.csv", dollars))
    figures = ask(ledger, "year", "city").figures
    assert [(figure.currency, figure.amounts.amount) for figure in figures] == [("KRW", 3000), ("USD", 3150)]


def test_an_organisation_that_is_added_later_places_old_lines(bare: Ledger, tmp_path: Path) -> None:
    from builders import register

    take(bare, write_csv(tmp_path / "a.csv", [keyed(n, org="동구", product=GREEN) for n in range(3)]))
    register(bare, organisations=[])
    assert {figure.keys for figure in ask(bare, "city").figures} == {("동구",)}
    register(bare)
    from chorok.ledger import publishing

    with bare.writing():
        publishing.publish(bare, "certificates", "")
    assert {figure.keys for figure in ask(bare, "city").figures} == {(CITY,)}
    assert {figure.keys for figure in ask(bare, "city", at="1").figures} == {("동구",)}


class TestNothingToSay:
    def test_nothing_was_ever_published(self, ledger: Ledger) -> None:
        with pytest.raises(LedgerError) as told:
            Published.at(ledger)
        assert told.value.code == "nothing_published"

    def test_a_file_of_which_nothing_was_accepted(self, ledger: Ledger, tmp_path: Path) -> None:
        rows = [keyed(number, day="미정") for number in range(4)]
        fixed = profile("key", "no", "day", "org", "amount")
        done = take(ledger, write_csv(tmp_path / "a.csv", rows), profile=fixed)
        assert done.batch.total().rejected["date_bad"].lines == 4
        assert ask(ledger, "year", "city").figures == []
        assert ask(ledger, "city").without_data == (CITY, OTHER_CITY, EMPTY_CITY)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"by": ("colour",)}, "dimension_unknown"),
        ({"by": ("year", "month")}, "two_grains"),
        ({"basis": "all"}, "basis_unknown"),
    ],
)
def test_what_cannot_be_asked(question: dict, code: str) -> None:
    with pytest.raises(UsageError) as told:
        Question(**question)
    assert told.value.code == code


def test_unknown_organisations_definitions_and_snapshots(bought: Ledger) -> None:
    with pytest.raises(UsageError, match="organisation_unknown"):
        ask(bought, "year", organisation="X-1")
    with pytest.raises(BadInputError, match="definition_unknown"):
        ask(bought, "year", definition="atlantis")
    for wish in ("99", "1999-01-01"):
        with pytest.raises(UsageError, match="snapshot_unknown"):
            Published.at(bought, wish)


def test_a_mix_of_amounts_with_and_without_tax_is_said(ledger: Ledger, tmp_path: Path) -> None:
    for number, vat in enumerate(("included", "excluded")):
        take(ledger, write_csv(tmp_path / f"{vat}.csv", [keyed(number + 900)]), answers={"vat": vat})
    assert ask(ledger, "year").vat == ("excluded", "included")
