"""What the page of screening shows is what the code does."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chorok.core.screening import policy as policies
from chorok.core.screening.decide import OPEN, PASSING, RULES, decide
from chorok.core.screening.facts import Facts
from chorok.core.screening.policy import TUNABLE, Change, Override, Policy, Proportion, SmallAmount, Tier
from chorok.core.screening.request import Bought, lapses
from chorok.sources.requests import EXTRA

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "screening.md").read_text(encoding="utf-8")
FORMATS = (DOCS / "formats.md").read_text(encoding="utf-8")
DAY = date(2020, 11, 2)
PLAIN = Facts(DAY, 0, "yes", "no", "sure", amount=5_000_000, recent=None)
PAPERS: dict[str, Any] = {"statement": True, "evidence": True}

SITUATIONS: dict[str, dict[str, Any]] = {
    "no goods": {"no_goods": True},
    "lump sum": {"unit": "lump"},
    "item not known": {"standard": "unknown"},
    "no standard": {"standard": "no"},
    "certified": {"certified": "yes"},
    "contractor-supplied": {"kind": "works"},
    "possible": {"alternative": "possible"},
    "possible, difference given": {"alternative": "possible", "difference": True},
    "sure, no ground": {},
    "sure, ground 1": {"ground": 1},
    "sure, ground 2": {"ground": 2},
    "sure, ground 2, papers given": {"ground": 2, **PAPERS},
    "sure, ground 5 (urgent), papers given": {"ground": 5, "sub_code": "urgent", **PAPERS},
    "sure, ground 5 (price_beyond_budget), papers given": {"ground": 5, "sub_code": "price_beyond_budget", **PAPERS},
    "none": {"alternative": "none"},
    "none, statement given": {"alternative": "none", "statement": True},
    "emergency": {"emergency": True},
}


def table(name: str) -> tuple[dict[str, str], list[list[str]]]:
    ((values, rows),) = re.findall(rf"<!-- example: {name} ?(.*?)-->\n\n((?:\|.*\n)+)", PAGE)
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows.splitlines()]
    return dict(pair.split("=") for pair in values.split()), [cells[0], *cells[2:]]


def test_situations_have_the_outcomes_of_the_table() -> None:
    _, ((_, *names), *rows) = table("screening")
    assert [row[0] for row in rows] == list(SITUATIONS)
    for situation, *outcomes in rows:
        facts = replace(PLAIN, **SITUATIONS[situation])
        assert outcomes == [decide(policies.preset(name), facts).outcome for name in names], situation


def test_approvals_lapse_as_the_table_says() -> None:
    _, (_, *rows) = table("lapse")
    for approved, ordered, days, expected in rows:
        was, now = (
            Bought("P", int(price), Decimal(quantity))
            for quantity, price in (one.split(" at ") for one in (approved, ordered))
        )
        why = [one.code for one in lapses(policies.preset("legal"), was, DAY - timedelta(int(days)), now, DAY)]
        assert why == ([] if expected == "–" else [expected])


def test_small_amounts_are_summed_as_the_table_says() -> None:
    values, (_, *rows) = table("small")
    policy = replace(policies.preset("strict"), small_amounts=(SmallAmount(int(values["below"])),))
    for amount, total, outcome in rows:
        money, whole = (int(cell.replace(",", "")) for cell in (amount, total))
        found = decide(policy, replace(PLAIN, amount=money, recent=int(values["recent"])))
        assert (whole, outcome) == (money + int(values["recent"]), found.outcome)


def test_the_rules_stand_in_the_order_in_which_they_are_asked() -> None:
    assert re.findall(r"^\| (D\d+) \|", PAGE, re.MULTILINE) == list(RULES)
    assert [one for one in (*PASSING, *OPEN) if f"`{one}`" not in PAGE] == []
    order = re.search(r"from the worst: (.*)\. Passed", PAGE)
    assert order is not None
    assert order[1].replace("`", "").split(", ") == list(OPEN)


def test_strict_says_what_it_refuses_before_it_is_used() -> None:
    assert "refuses the grounds ②–⑤" in PAGE
    assert PAGE.index("refuses the grounds ②–⑤") < PAGE.index("--policy strict")
    assert policies.preset("strict").refuses == (2, 3, 4, 5)


@pytest.mark.parametrize("kind", [Policy, Tier, SmallAmount, Proportion, Override, Change])
def test_every_key_of_a_policy_is_described(kind: Any) -> None:
    described = FORMATS[FORMATS.index("## Screening policies") :]
    assert [one.name for one in fields(kind) if not re.search(rf"`\[*{one.name}\]*`", described)] == []


def test_shipped_parameters_are_those_of_the_page() -> None:
    said = dict(re.findall(r"^\| (`.*?) \| (.*?) \| .* \|$", PAGE[PAGE.index("## Parameters") :], re.MULTILINE))
    strict = policies.preset("strict")
    assert said["`registry_days`"] == str(strict.registry_days)
    assert said["`emergency_days`"] == str(strict.emergency_days)
    assert said["`approval_days`, `quantity_more`"] == f"{strict.approval_days}, {strict.quantity_more}"
    assert said["`small_amounts`, `small_days`"] == f"none, {strict.small_days}"
    assert set(TUNABLE) - {"currency"} == {name for names in said for name in re.findall(r"`(\w+)`", names)}


def test_every_column_of_a_request_is_described() -> None:
    part = FORMATS[FORMATS.index("## Requests to screen") : FORMATS.index("## Screening policies")]
    for field, headers in EXTRA.items():
        (row,) = re.findall(rf"^\| `{field}` \| (.*?) \|", part, re.MULTILINE)
        assert [one.replace(" ", "") for one in row.split(", ")] == [one.replace(" ", "") for one in headers]
