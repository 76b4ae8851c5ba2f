"""A certificate number on the day of purchase: rules 1.5, situation by situation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chorok.core import definitions
from chorok.core.matching.judgement import Certificate, Judge
from chorok.core.screening.inspection import FINDINGS, Checked, Delivered, Listed, check

JUDGE = Judge.of(definitions.load("national"))
DAY = date(2020, 6, 1)
PLAIN = Certificate("T-1", "eco_label", "certified", date(2019, 1, 1), date(2020, 12, 31), None, None, "CHAIR")
CHAIR = Delivered(DAY, "80000001", "CHAIR")


def found(delivered: Delivered = CHAIR, product: str = "80000001", **changed: Any) -> Checked:
    return check(JUDGE, [Listed(PLAIN._replace(**changed), product)], delivered)


CASES: list[tuple[str, dict[str, Any]]] = [
    ("valid", {}),
    ("valid", {"valid_until": DAY}),
    ("valid", {"revoked_on": date(2020, 6, 2), "status": "revoked"}),
    ("expired", {"valid_until": date(2020, 5, 31)}),
    ("not_yet", {"valid_from": date(2020, 6, 2)}),
    ("revoked", {"revoked_on": DAY, "status": "revoked"}),
    ("not_certain", {"status": "revoked"}),
    ("not_certain", {"status": "given_up"}),
    ("not_certain", {"valid_from": None}),
    ("not_certain", {"valid_from": None, "valid_until": None, "read_on": date(2020, 5, 5)}),
    ("valid", {"valid_from": None, "valid_until": None, "read_on": DAY}),
    ("not_counted", {"basis": "busan_recycled_aggregate"}),
    ("not_counted", {"basis": None}),
]


@pytest.mark.parametrize(("finding", "changed"), CASES)
def test_what_a_certificate_says_on_the_day(finding: str, changed: dict[str, Any]) -> None:
    assert found(**changed).finding == finding
    assert found(**changed).passed is (finding == "valid")


def test_a_certificate_of_another_product_or_group_or_of_nothing() -> None:
    assert found(product="80000002").finding == "other_product"
    by_group = Delivered(DAY, "", "CHAIR")
    assert found(by_group, product="80000002").finding == "valid"
    assert found(Delivered(DAY, "", "DESK")).finding == "other_product"
    assert found(Delivered(DAY)).finding == "other_product"
    assert check(JUDGE, [], CHAIR).finding == "unknown"


def test_of_several_rows_the_one_that_says_most_for_it_decides() -> None:
    old = Listed(PLAIN._replace(valid_until=date(2019, 12, 31)), "80000001")
    rows = [old, Listed(PLAIN, "80000001"), Listed(PLAIN, "80000002")]
    assert check(JUDGE, rows, CHAIR) == Checked("valid", rows[1])
    assert check(JUDGE, [old, Listed(PLAIN, "80000002")], CHAIR).finding == "expired"


def test_every_finding_is_met() -> None:
    assert {*(finding for finding, _ in CASES), "other_product", "unknown"} == set(FINDINGS)
