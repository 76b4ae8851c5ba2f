"""What is sent and answered about screenings, and how a line of a request is shown.

All of it is made of plain values: ninja's own Schema would ask Django for each of them, at several times the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chorok.core.screening.decide import OPEN, Said
from chorok.core.screening.workflow import STATES
from chorok.publications.screening_words import sentence
from chorok.site.api.room import Code, Date, one_of
from chorok.site.api.schemas import CodedOut
from chorok.site.config import ledger
from chorok.site.config.language import say
from chorok.site.screening.models import Line
from chorok.site.screening.screened import SHOWN

MOST = 5_000
"""Lines of one question."""


def _text(most: int) -> Any:
    return Field(max_length=most, pattern=r"^[^\x00]*$")


Short = Annotated[str, _text(40)]
Middle = Annotated[str, _text(100)]
Title = Annotated[str, _text(200)]
Long = Annotated[str, _text(500)]
Statement = Annotated[str, _text(20_000)]
Money = Annotated[int, Field(ge=0, le=10**15)]
Quantity = Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=4)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Kind = Annotated[str, one_of("goods", "works", "service")]
State = Annotated[str, one_of(*STATES)]
Version = Annotated[int, Field(ge=1, le=1_000_000_000)]
Shown = Annotated[int, Field(ge=0, le=SHOWN)]


class Sent(BaseModel):
    """What is sent: a name that is not known is an error, since a slip would change the answer."""

    model_config = ConfigDict(extra="forbid")


class LineIn(Sent):
    """One line that is to be bought: at least one part that says what it is."""

    description: Long = ""
    specification: Long = ""
    product_id: Short = ""
    class_code: Short = ""
    detail_code: Short = ""
    item_hint: Title = ""
    supplier_no: Short = ""
    supplier_name: Title = ""
    furnished: bool = False
    quantity: Quantity | None = None
    unit: Short = ""
    unit_price: Money | None = None
    amount: Money | None = None
    currency: Currency = "KRW"
    needed_by: Date | None = None
    no_goods: bool = False
    emergency: bool = False
    ground: Middle = ""
    statement: Statement = ""
    evidence: Statement = ""
    difference: Statement = ""
    proof: Title = ""
    framework: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    parts: Annotated[tuple[Long, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> LineIn:
        said = (self.description, self.specification, self.product_id, self.class_code, self.detail_code)
        if not self.no_goods and not any(part.strip() for part in (*said, self.item_hint)):
            raise ValueError("nothing")
        return self


class ScreeningIn(Sent):
    """What is asked: who buys, and lines. `save` keeps it as a draft, `submit` hands it in; both need a title."""

    organisation: Code
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST)]
    title: Title = ""
    kind: Kind = "goods"
    department: Middle = ""
    needed_by: Date | None = None
    place: Title = ""
    document_no: Middle = ""
    budget_item: Middle = ""
    alternatives: Shown = 5
    save: bool = False
    submit: bool = False

    @model_validator(mode="after")
    def _kept_by_a_title(self) -> ScreeningIn:
        if (self.save or self.submit) and not self.title.strip():
            raise ValueError("title")
        return self


class WithdrawIn(Sent):
    """Taking a request back: the version that was seen, and why."""

    version: Version
    reason: Statement = ""


class AlternativeOut(BaseModel):
    """A certified product that could be bought instead; `sure` or `possible`. What is not known is null."""

    alternative: str
    product_id: str | None
    product_name: str | None
    model: str | None
    maker: str | None
    certificate_no: str | None
    basis: str | None
    valid_until: date | None
    price: int | None
    currency: str | None
    unit: str | None
    supply_area: str | None
    in_reach: bool | None
    minimum: str | None


class EvidenceOut(BaseModel):
    """What was looked for and found, as it is kept with a line; `candidates` counts all alternatives."""

    registry: int
    snapshot: int | None
    definition: str
    day: date
    item_group: str | None
    detail_code: str | None
    organisation: str | None
    certified: int
    candidates: int


class ClosedOut(BaseModel):
    """What an office did with a line, and when."""

    how: str
    office: str
    at: datetime


class LineOut(BaseModel):
    """One line with its decision; `open`: nothing may be bought before that is mended or signed."""

    line: int
    description: str
    product_id: str
    quantity: str | None
    amount: int | None
    currency: str
    outcome: str
    outcome_name: str
    open: bool
    rule: str
    reasons: list[CodedOut]
    needs: list[CodedOut]
    cosigner: str | None
    cosigner_name: str | None
    item_group: str | None
    item_group_name: str | None
    method: str
    certificates: list[str]
    certified_until: date | None
    alternatives: list[AlternativeOut]
    search: EvidenceOut | None
    closed: ClosedOut | None


class ScreeningOut(BaseModel):
    """A request as it was screened. Only one that is kept has id, number, version and state.

    `may_be_bought`: no line is open. `adopted`: the organisation screens by this policy; else it is a trial.
    """

    id: int | None
    number: str | None
    version: int | None
    state: str | None
    standing: str
    may_be_bought: bool
    organisation: str
    adopted: bool
    policy: str
    definition: str
    registry: int
    snapshot: int | None
    day: date
    lines: list[LineOut]


class WaitsOut(BaseModel):
    """A stage that an office at a place is to take, and by when."""

    stage: str
    office: str
    place: str
    since: datetime
    due_on: date


class ScreeningStepOut(BaseModel):
    """One act on a request; who acted is not told."""

    verb: str
    office: str
    stage: str
    at: datetime
    day: date
    version: int
    before: str
    after: str
    lines: list[int]
    remark: str


class HeadingOut(BaseModel):
    """A request as lists show it; `changed_at` is the time of its last step."""

    id: int
    number: str
    version: int
    state: str
    organisation: str
    department: str
    title: str
    kind: str
    needed_by: date | None
    document_no: str
    amount: int
    currency: str
    created_at: datetime
    changed_at: datetime
    waits_for: list[WaitsOut]


class CaseOut(BaseModel):
    """A request with its lines, its steps in order, and whom it waits for."""

    heading: HeadingOut
    screening: ScreeningOut
    steps: list[ScreeningStepOut]


def shown(lines: Sequence[Line], most: int) -> list[dict[str, Any]]:
    """Return lines with what was found, each with so many alternatives at most."""
    named = ledger.names() if ledger.is_published() else None
    return [_line(one, most, named) for one in lines]


def _line(one: Line, most: int, named: Any) -> dict[str, Any]:
    return {
        "line": one.number,
        "description": one.description,
        "product_id": one.product_id,
        "quantity": None if one.quantity is None else f"{one.quantity.normalize():f}",
        "amount": one.amount,
        "currency": one.currency,
        "outcome": one.outcome,
        "outcome_name": say(f"screen_outcome.{one.outcome}"),
        "open": one.outcome in OPEN and one.closed_how in ("", "refused"),
        "rule": one.rule,
        "reasons": _coded("screen_reason", one.reasons),
        "needs": _coded("screen_need", one.needs),
        "cosigner": one.cosigner or None,
        "cosigner_name": say(f"role.{one.cosigner}") if one.cosigner else None,
        "item_group": one.item_group or None,
        "item_group_name": (named.show("item", one.item_group) if named else one.item_group) or None,
        "method": one.method,
        "certificates": one.certificates,
        "certified_until": one.certified_until,
        "alternatives": [_alternative(row) for row in one.alternatives[:most]],
        "search": one.search,
        "closed": {"how": one.closed_how, "office": one.closed_office, "at": one.closed_at} if one.closed_how else None,
    }


def _coded(family: str, said: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "message": sentence(family, Said(one["code"], one["params"]), say)} for one in said]


def _alternative(row: Mapping[str, Any]) -> dict[str, Any]:
    least = row.get("minimum")
    plain = None if least is None else f"{Decimal(least).normalize():f}"
    return {name: row.get(name) for name in AlternativeOut.model_fields} | {"minimum": plain}
