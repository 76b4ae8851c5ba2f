"""What the documents of screening say: a review sheet, statements of reasons, a contract condition. Plain data.

Names of policies, definitions, organisations and item groups come as they are called in the document's language;
whatever is a code here is worded by the document. `chorok.publications.screening_files` makes PDF and HWPX of them.
What the review sheet lists is that of form 3 of Seoul's enforcement rule (2026-01-19) and of Seoul's notice of
December 2018: every line of goods with "purchase possible" or basis and reason; the look and the sentences are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from chorok.core.screening.decide import Said
from chorok.core.screening.facts import Alternative
from chorok.core.screening.policy import Role
from chorok.core.screening.request import State

Kind = Literal["goods", "works", "service"]
Signer = Role | Literal["requester", "department_head", "accounting_officer"]
SIGNERS: tuple[Signer, ...] = (*get_args(Role), "requester", "department_head", "accounting_officer")
Act = Literal[
    "submitted",
    "screened_again",
    "checked",
    "forwarded",
    "reminded",
    "cosigned",
    "refused",
    "overridden",
    "justified",
    "not_justified",
    "returned",
    "amended",
    "withdrawn",
    "closed",
]
ACTS: tuple[Act, ...] = get_args(Act)
"""What people do with a request; those that close a finding are `core.screening.request.CLOSINGS`."""
Possible = Literal["yes", "yes_clause", "no", "maybe", "no_standard", "no_goods", "within", "open"]
POSSIBLE: tuple[Possible, ...] = get_args(Possible)


@dataclass(frozen=True)
class Signature:
    """Who signs, in which role. An empty `name` leaves a box to sign by hand; `act` is what the person did."""

    role: Signer
    name: str = ""
    on: date | None = None
    act: Act | None = None
    deputy_for: str = ""  # the name of whom the signer stands in for
    remark: str = ""


@dataclass(frozen=True)
class Step:
    """One step that was taken: who did what in which role, when. `name` may be empty where a person was erased."""

    on: date
    act: Act
    role: Signer
    name: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Heading:
    """The request that a document is about. Empty texts and None are shown as not given.

    `e_approval` is the document number of the e-approval system; `currency` and amounts stand at the lines.
    """

    title: str
    organisation: str
    number: str = ""
    department: str = ""
    requester: str = ""
    kind: Kind = "goods"
    e_approval: str = ""
    budget_item: str = ""
    needed_by: date | None = None
    place: str = ""


@dataclass(frozen=True)
class Basis:
    """What a decision rests on. Versions are `Policy.version` and the definition's own with its hash.

    `registry_day`: when the registry last changed; `synthetic`: the data are invented, which every page then says.
    """

    policy: str
    policy_version: str
    definition: str
    definition_version: str
    registry: int
    registry_day: date | None
    decided_on: date
    synthetic: bool = False


@dataclass(frozen=True)
class SheetLine:
    """One line of a request. `product` as typed; `amount` in smallest units of `currency`.

    `outcome` is where the line stands, by the decision or by the act that closed it; `reasons` and `needs` are those
    of the decision. `green`: names of the certified product that is bought, else of alternatives, `green_more` of
    which are not named. `ground` (1..5) and `case` (a sub-code) as the purchaser gave them. `alternative` as in the
    facts of the decision.
    """

    number: int
    product: str
    outcome: State
    rule: str
    item: str = ""
    kind: Kind = "goods"
    furnished: bool = False
    quantity: Decimal | None = None
    unit: str = ""
    amount: int | None = None
    currency: str = "KRW"
    alternative: Alternative = "unknown"
    reasons: tuple[Said, ...] = ()
    needs: tuple[Said, ...] = ()
    certificates: tuple[str, ...] = ()
    valid_until: date | None = None
    green: tuple[str, ...] = ()
    green_more: int = 0
    ground: int | None = None
    case: str = ""

    @property
    def possible(self) -> Possible:
        """Whether a green product can be bought for this line, as the form asks."""
        if self.rule == "D4" and self.outcome in ("needs_cosign", "refused"):
            return "maybe"  # a conformity proof that the officer has not found good
        if self.rule in _BY_RULE:
            return _BY_RULE[self.rule]
        if self.alternative == "sure":
            return "yes" if self.outcome == "denied" or self.ground in (None, 1) else "no"
        if self.alternative == "possible":
            return "no" if self.outcome in ("needs_cosign", "approved", "recorded_justified") else "maybe"
        return "no" if self.alternative == "none" else "open"


_BY_RULE: dict[str, Possible] = {
    "D1": "no_goods",
    "D13": "open",
    "D2": "open",
    "D3": "no_standard",
    "D4": "yes",
    "D5": "yes_clause",
    "D6": "within",
}


@dataclass(frozen=True)
class Sheet:
    """The review sheet of a request (녹색제품 구매·적용 가능 검토서).

    `state` is where the request stands; `signatures` are the boxes at its head, from left to right, at most five.
    """

    heading: Heading
    basis: Basis
    lines: tuple[SheetLine, ...]
    state: State | Literal["passed"]
    steps: tuple[Step, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Why a possible alternative does not do: an attribute, the value that is needed, and the one that is offered."""

    alternative: str
    attribute: str
    needed: str
    offered: str


@dataclass(frozen=True)
class Candidate:
    """A certified product that stands against a line; `price` in smallest units of `currency` for one `unit`."""

    name: str
    sure: bool
    maker: str = ""
    certificate: str = ""
    product_id: str = ""
    valid_until: date | None = None
    price: int | None = None
    currency: str = "KRW"
    unit: str = ""


@dataclass(frozen=True)
class Search:
    """The search that is kept as evidence: when, in which registry, for what, and how many were found."""

    on: date
    registry: int
    query: str
    certified: int
    candidates: int


@dataclass(frozen=True)
class Reasons:
    """The reasons of one line why no green product is bought. `evidence` names the papers handed in.

    `difference`: why a possible alternative does not do, where it was typed as one text. Not all `alternatives` need be
    listed; how many were found stands in `search`.
    """

    line: SheetLine
    text: str = ""
    evidence: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    alternatives: tuple[Candidate, ...] = ()
    search: Search | None = None
    cosign: Signature | None = None  # None: nobody need sign this line
    difference: str = ""


@dataclass(frozen=True)
class Statement:
    """The statement of reasons (사유서) of a request: of one line, or of all lines that need one.

    `signatures`: who signs the paper as a whole, as on the sheet.
    """

    heading: Heading
    basis: Basis
    lines: tuple[Reasons, ...]
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class Material:
    """A material that must be green. `bases`: codes of the certificates that count (`basis.<code>` in words).

    `furnished`: bought by the government and handed to the contractor, not supplied by the contractor.
    """

    name: str
    item: str
    bases: tuple[str, ...]
    quantity: Decimal | None = None
    unit: str = ""
    furnished: bool = False


@dataclass(frozen=True)
class Clause:
    """The contract condition and design clause for named materials.

    `note_below`: below this sum of green products, in smallest units of `currency`, a note on the inspection paper
    replaces the certificates (Seoul's enforcement rule, article 6(3)); None: never.
    """

    heading: Heading
    basis: Basis
    materials: tuple[Material, ...]
    note_below: int | None = None
    currency: str = "KRW"


Document = Sheet | Statement | Clause
