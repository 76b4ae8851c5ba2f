import json
from dataclasses import replace

import pytest

from chorok.core.matching.names import NamedCandidate, ProductText, decide

CHOSEN = NamedCandidate(1, 0.9, ("FX-2100B", "FX-2100BK"), "㈜초록", name="복합기")
VARIANT = NamedCandidate(2, 0.8, ("FX-2100C",), "㈜초록", name="복합기")
QUERY = ProductText("복합기 FX-2100B 백색", "초록 주식회사")


def test_a_named_model_of_the_supplier_is_accepted():
    verdict = decide(QUERY, [CHOSEN, VARIANT])
    assert (verdict.state, verdict.rows, verdict.score) == ("accepted", (1,), 0.9)
    assert verdict.evidence["model"] == "FX2100B"
    assert verdict.evidence["second"] == 0.8
    json.dumps(verdict.evidence)


def test_all_certificates_of_the_product_come_along():
    renewed = replace(CHOSEN, row=7, score=0.88)
    assert decide(QUERY, [CHOSEN, renewed, VARIANT]).rows == (1, 7)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("복합기 FX-2100D", "model_near"),  # one letter apart: a slip or a variant
        ("복합기 FX-2100B-1", "model_near"),
        ("복합기 FX-2100B C", "model_continues"),
        ("FX-2100B용 토너", "model_continues"),
        ("의자", "no_model"),
        ("", "no_model"),
        ("🌱", "no_model"),
        ("복합기 " * 2500, "no_model"),
    ],
)
def test_in_doubt_it_stays_open_with_the_best_kept(text, reason):
    verdict = decide(ProductText(text), [CHOSEN, VARIANT])
    assert (verdict.state, verdict.evidence["reason"]) == ("undetermined", reason)
    assert verdict.rows == (1, 2)


def test_absence_needs_a_model_that_no_candidate_has():
    assert decide(ProductText("복합기 ZZ-9900"), [CHOSEN, VARIANT]).state == "not_found"
    assert decide(ProductText("복합기 ZZ-9900"), []).state == "not_found"
    assert decide(ProductText("복합기"), []).state == "undetermined"


def test_a_short_model_is_absent_only_beside_its_suppliers_list():
    query = ProductText("의자 Z90", "초록")
    assert decide(query, [CHOSEN]).state == "undetermined"
    assert decide(query, [CHOSEN], supplier_models=["C30", "C40"]).state == "not_found"
    assert decide(query, [CHOSEN], supplier_models=["Z9"]).evidence["reason"] != "model_named"


def test_two_makers_with_one_model_are_for_a_person():
    other = NamedCandidate(3, 0.85, ("FX-2100B",), "㈜바다")
    assert decide(ProductText("복합기 FX-2100B"), [CHOSEN, other]).evidence["reason"] == "several_products"
    assert decide(QUERY, [CHOSEN, other]).rows == (1,)


def test_low_scores_and_small_margins_stay_open():
    assert decide(QUERY, [replace(CHOSEN, score=0.3)]).evidence["reason"] == "score_low"
    assert decide(QUERY, [CHOSEN, replace(VARIANT, score=0.895)]).evidence["reason"] == "margin_low"


def test_another_seller_needs_a_higher_score():
    seller = ProductText("복합기 FX-2100B", "하늘상사")
    assert decide(seller, [replace(CHOSEN, score=0.65)]).evidence["reason"] == "score_low"
    assert decide(seller, [CHOSEN]).state == "accepted"


def test_a_weak_model_needs_its_supplier():
    weak = replace(CHOSEN, models=("A520",))
    assert decide(ProductText("전화기 A520"), [weak]).evidence["reason"] == "model_weak"
    assert decide(ProductText("전화기 A520", "초록"), [weak]).state == "accepted"


def test_too_wide_a_wildcard_neither_accepts_nor_denies():
    wide = NamedCandidate(6, 0.9, ("FX-2****",), "㈜초록")
    assert decide(QUERY, [wide]).evidence["reason"] == "model_near"


def test_a_wildcard_yields_to_an_exact_model():
    wild = NamedCandidate(5, 0.9, ("FX-2100*",), "㈜초록")
    assert decide(QUERY, [wild]).rows == (5,)
    assert decide(QUERY, [wild, replace(CHOSEN, score=0.95)]).rows == (1,)
