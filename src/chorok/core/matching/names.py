"""Deciding by name: is one of the candidates the product that a text means, is none, or must a person look?

Precision first: a candidate is accepted only when the text names its model. Absence is stated only on evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from chorok.core.matching.models import covers, goes_on, is_near, is_strong, matching_key, model_keys, spelled_models
from chorok.core.matching.text import model_codes, normalise, normalise_supplier

State = Literal["accepted", "not_found", "undetermined"]


@dataclass(frozen=True)
class Thresholds:
    """What it takes to decide without a person. Scores are similarities of 0 to 1."""

    score: float = 0.50  # supplier agrees, or is named in the text
    score_alone: float = 0.62  # supplier not known on one side
    score_other_supplier: float = 0.72  # another supplier: a dealer sells, or another maker's model of equal name
    margin: float = 0.015  # over the best candidate that is another product
    kept: int = 5  # candidates shown to the person who decides


@dataclass(frozen=True)
class ProductText:
    """What a purchase or a request says about a product, as written; '' where it says nothing."""

    text: str  # description and specification
    supplier_name: str = ""
    supplier_no: str = ""
    model: str = ""  # when the source has a column for it


@dataclass(frozen=True)
class NamedCandidate:
    """A certified product that the index proposes."""

    row: int
    score: float
    models: tuple[str, ...]  # model and aliases as written
    supplier_name: str = ""
    supplier_no: str = ""
    name: str = ""  # product name as certified
    product: str = ""  # equal for rows of one product (a renewed certificate); '' means maker and model


@dataclass(frozen=True)
class NameVerdict:
    """What was decided, the rows it rests on, and the evidence.

    `rows` are all rows of the product when accepted (renewals, further labels), else the best few for a person.
    """

    state: State
    rows: tuple[int, ...]
    score: float
    evidence: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Match:
    """A candidate whose model the text names."""

    candidate: NamedCandidate
    code: str
    exact: bool
    supplier: Literal["same", "other", "unknown"]


def decide(
    query: ProductText,
    candidates: Sequence[NamedCandidate],
    *,
    supplier_models: Sequence[str] = (),
    thresholds: Thresholds = Thresholds(),
) -> NameVerdict:
    """Decide which candidate (best first, as `NameIndex.search` gives them) the text means.

    `accepted`: the text names the model of exactly one product, with a high score and a margin. `not_found`: it
    names a model, and neither a candidate nor `supplier_models` (what its supplier has certified, when known) has
    that one or one much like it. Else `undetermined`, as for a plain '의자'. The evidence, fit for JSON, holds a
    `reason` code, the scores and the codes compared.
    """
    text = f"{query.text} {query.model}"
    named, own = spelled_models(text), model_codes(text)
    evidence: dict[str, object] = {"query": normalise(text), "codes": list(own), "candidates": len(candidates)}
    matches = _narrowed(_matches(query, candidates, named))
    if not matches:
        return _without_match(own, candidates, supplier_models, evidence, thresholds)
    return _with_match(matches, candidates, named, evidence, thresholds)


def _matches(query: ProductText, candidates: Sequence[NamedCandidate], named: dict[str, str]) -> list[_Match]:
    found = []
    for candidate in candidates:
        key = matching_key(candidate.models, named)
        if key is not None:
            found.append(_Match(candidate, key[0], key[1], _supplier(query, candidate)))
    return found


def _supplier(query: ProductText, candidate: NamedCandidate) -> Literal["same", "other", "unknown"]:
    if query.supplier_no and candidate.supplier_no:
        return "same" if query.supplier_no == candidate.supplier_no else "other"
    maker, seller = normalise_supplier(candidate.supplier_name), normalise_supplier(query.supplier_name)
    if len(maker) >= 2 and (maker == seller or maker in normalise(query.text).replace(" ", "")):
        return "same"
    return "other" if maker and seller else "unknown"


def _narrowed(matches: list[_Match]) -> list[_Match]:
    """Keep the best kind of match: the longest code, then an exact name before a wildcard, then the same supplier."""
    longest = max((len(match.code) for match in matches), default=0)
    kept = [match for match in matches if len(match.code) == longest]
    kept = [match for match in kept if match.exact] or kept
    return [match for match in kept if match.supplier == "same"] or kept


def _with_match(
    matches: list[_Match],
    candidates: Sequence[NamedCandidate],
    named: dict[str, str],
    evidence: dict[str, object],
    thresholds: Thresholds,
) -> NameVerdict:
    best = matches[0]
    rows = tuple(match.candidate.row for match in matches)
    rival = max((one.score for one in candidates if one.row not in rows), default=0.0)
    score = best.candidate.score
    evidence |= {"score": round(score, 4), "second": round(rival, 4), "model": best.code, "supplier": best.supplier}
    reason = _doubt(matches, named, rival, thresholds)
    if reason:
        return _open(reason, candidates, evidence, thresholds)
    return NameVerdict("accepted", rows, score, evidence | {"reason": "model_named"})


def _doubt(matches: list[_Match], named: dict[str, str], rival: float, thresholds: Thresholds) -> str | None:
    """Return why a named model is not enough, as a code; None when it is."""
    best = matches[0]
    needed = {
        "same": thresholds.score,
        "unknown": thresholds.score_alone,
        "other": thresholds.score_other_supplier,
    }[best.supplier]
    if len({_product(match) for match in matches}) > 1:
        return "several_products"
    if goes_on(named[best.code], normalise(f"{best.candidate.name} {best.candidate.supplier_name}")):
        return "model_continues"
    if best.supplier != "same" and not is_strong(best.code):
        return "model_weak"
    if best.candidate.score < needed:
        return "score_low"
    if best.candidate.score - rival < thresholds.margin:
        return "margin_low"
    return None


def _product(match: _Match) -> str:
    """Return what rows of one product share: their maker, or failing that their name, with the model matched."""
    one = match.candidate
    maker = normalise_supplier(one.supplier_name) or one.supplier_no or normalise(one.name)
    return one.product or f"{maker}|{match.code}"


def _without_match(
    own: Sequence[str],
    candidates: Sequence[NamedCandidate],
    supplier_models: Sequence[str],
    evidence: dict[str, object],
    thresholds: Thresholds,
) -> NameVerdict:
    score = candidates[0].score if candidates else 0.0
    evidence["score"] = round(score, 4)
    telling = [code for code in own if supplier_models or is_strong(code)]
    if not telling:
        return _open("no_model", candidates, evidence, thresholds)
    models = {*supplier_models, *(model for candidate in candidates for model in candidate.models)}
    keys = {key for model in models for key in model_keys(model)}
    near = sorted(key for key in keys if any(covers(key, code) or is_near(key, code) for code in telling))
    if near:
        return _open("model_near", candidates, evidence | {"near": near[: thresholds.kept]}, thresholds)
    return NameVerdict("not_found", (), score, evidence | {"reason": "model_absent"})


def _open(
    reason: str, candidates: Sequence[NamedCandidate], evidence: dict[str, object], thresholds: Thresholds
) -> NameVerdict:
    best = candidates[: thresholds.kept]
    evidence = evidence | {"reason": reason}
    return NameVerdict("undetermined", tuple(one.row for one in best), best[0].score if best else 0.0, evidence)
