"""A published report as data: its tables, targets, events and claims, each with the place where it stands.

Readers fill it from text, Markdown, TOML, JSON or XLSX; checks read it. Numbers keep the text as printed, since how
many decimals are shown is part of what is checked. An item of None is the total.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction
from typing import Literal

from chorok.core.money import decimals_shown


@dataclass(frozen=True)
class Place:
    """Where something stands, and its words.

    `where`: the number of a line of a text, from 1 ('44'), a key of a structured file ('shares[3].green') or a row of
    a sheet ('Sheet1!4').
    """

    where: str
    quote: str = ""


@dataclass(frozen=True)
class Printed:
    """A number as printed: digits with at most one point, neither separators nor unit. '48' and '48.00' differ."""

    text: str
    place: Place

    @property
    def value(self) -> Fraction:
        """The number, exact."""
        return Fraction(self.text)

    @property
    def digits(self) -> int:
        """How many decimals are shown."""
        return decimals_shown(self.text)


@dataclass(frozen=True)
class ShareRow:
    """A row of a table of green purchasing: total and green amount in the table's unit, share in percent.

    `item` is an item group where the row is one item's, as in `Report.item_shares`; None for everything.
    """

    table: str
    organisation: str
    year: int
    total: Printed | None
    green: Printed | None
    share: Printed | None
    unit: str = ""  # as printed, e.g. '1 million USD'
    item: str | None = None


@dataclass(frozen=True)
class Rate:
    """A cell of a table of targets: the rate of an item (None: the total) in a year, in percent."""

    table: str
    item: str | None
    year: int
    kind: Literal["result", "target"]
    rate: Printed
    set_on: date | None = None
    revision_reason: str = ""


@dataclass(frozen=True)
class Goal:
    """A rate that running text names as the aim of a year: 'Target: 55 % in 2019', 'to achieve 60 % in 2020'."""

    year: int
    rate: Printed
    place: Place
    item: str | None = None


@dataclass(frozen=True)
class Stated:
    """A share of the organisation that running text gives as reached in a year: 'The share was 48 % in 2022.'"""

    year: int
    rate: Printed
    place: Place


@dataclass(frozen=True)
class Increase:
    """A sentence that says by how much a share rises: an aim or something reported.

    `unit` as printed: '%' or '%p'. `base_year` None: the text names no year to compare with (for a reported growth
    'year-on-year' the reader fills in the year before).
    """

    kind: Literal["target", "reported"]
    scope: Literal["own", "network"]
    amount: Printed
    unit: Literal["%", "%p"]
    year: int | None
    base_year: int | None
    at_least: bool
    place: Place


@dataclass(frozen=True)
class Trend:
    """A sentence that says a figure has been rising or falling for so many years."""

    direction: Literal["rising", "falling"]
    years: int
    place: Place


@dataclass(frozen=True)
class Span:
    """A sentence that presents a table as of so many years: 'four-year performance'. `table` is the one it presents."""

    years: int
    table: str
    place: Place


@dataclass(frozen=True)
class Remark:
    """A sentence of a kind that a check looks at as it stands.

    superlative: best, first, remarkable compared to others; cause: a measure 'led to' a result.
    `comparator` is the figure of others that stands beside it, '' when there is none.
    """

    kind: Literal["superlative", "cause"]
    place: Place
    year: int | None = None
    comparator: str = ""


@dataclass(frozen=True)
class CoreChoice:
    """The items that a report singles out, and the rule it gives: high spending and a low rate in a year."""

    items: tuple[str, ...]
    place: Place
    year: int | None = None
    high_spend: bool = False
    low_rate: bool = False
    chosen_on: date | None = None
    spend: tuple[Printed, ...] = ()  # spending of each item, where the report gives it


@dataclass(frozen=True)
class Budget:
    """One budget in two currencies, in whole units of each, and the rate between them where it is stated."""

    local: Printed
    local_currency: str
    foreign: Printed
    foreign_currency: str
    place: Place
    local_step: int = 1  # what the last printed digit stands for, in whole units: '12.5 trillion' -> 10**11
    foreign_step: int = 1
    rate: Printed | None = None
    rate_day: str = ""


@dataclass(frozen=True)
class Parts:
    """Parts that should add up to a whole: shares of 100, districts and counties of a stated number, rows of a table.

    `rounded`: amounts that were rounded one by one, so that their sum may be off by it.
    """

    name: str
    parts: tuple[Printed, ...]
    whole: Printed
    place: Place
    rounded: bool = False


@dataclass(frozen=True)
class Event:
    """A meeting, training, academy, workshop or consultation. `weekday` 0 is Monday, as printed beside the date.

    `districts` are those that took part by name, of `Report.district_count`; `members` are members of the network.
    """

    kind: Literal["meeting", "training", "academy", "workshop", "consultation", "other"]
    title: str
    day: date
    place: Place
    weekday: int | None = None
    start: time | None = None
    end: time | None = None
    venue: str = ""
    number: int | None = None  # the n-th consultation
    districts: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    participants: str = ""  # as printed
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guideline:
    """A guideline that was produced, for an item. `makers` is how many manufacturers it lists, None: not said."""

    item: str
    place: Place
    contents: tuple[str, ...] = ()
    makers: int | None = None


@dataclass(frozen=True)
class Task:
    """Something that is to be done by a year. `list_year` is the year whose list of tasks it stands in."""

    text: str
    place: Place
    category: str = ""
    due_year: int | None = None
    due_month: int | None = None
    list_year: int | None = None
    done: bool = False


@dataclass(frozen=True)
class Promise:
    """How often something is said to be held: training three times a year, an annual academy."""

    what: Literal["training", "academy", "meeting"]
    times_a_year: int
    place: Place


@dataclass(frozen=True)
class Member:
    """A member of the network as the report names it; `parts` are members nested in it (cities of a province)."""

    name: str
    place: Place
    kind: str = ""  # province, city ... as the name says
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class MemberCount:
    """A sentence that counts the members of the network: 'three metropolitan cities'."""

    count: int
    kind: str
    place: Place


@dataclass(frozen=True)
class Measure:
    """A policy or measure that is named, with the years in which it began and ends: screening, a plan, an ordinance."""

    name: str
    place: Place
    year: int | None = None
    until_year: int | None = None
    adopted_by: tuple[str, ...] = ()  # who has it, where the report says so


@dataclass(frozen=True)
class Filing:
    """A statutory plan or result and when it was sent (Act art. 8, 9)."""

    kind: Literal["plan", "result"]
    year: int
    sent_on: date | None
    place: Place


@dataclass(frozen=True)
class Line:
    """A purchase line that a structured report brings as evidence."""

    place: Place
    bought_on: date
    amount: Printed
    green: bool
    source_key: str = ""
    change_order: int | None = None
    final: bool | None = None
    certificate: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    revoked_on: date | None = None
    ground: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and the text under it, up to the next heading of its level or a higher one; for shared text."""

    heading: str
    text: str
    place: Place


@dataclass(frozen=True)
class Report:
    """What a report says. Everything but the name may be missing; a check without its data is not applicable."""

    name: str  # of the file
    organisation: str = ""
    year: int | None = None
    as_of: date | None = None
    status: Literal["", "preliminary", "submitted", "final"] = ""
    basis: str = ""
    definition: str = ""
    population: int | None = None
    district_count: int | None = None
    district_names: tuple[str, ...] = ()
    shares: tuple[ShareRow, ...] = ()
    rates: tuple[Rate, ...] = ()
    goals: tuple[Goal, ...] = ()
    stated: tuple[Stated, ...] = ()
    targets_set_on: date | None = None  # where the report says when the targets of `year` were set
    increases: tuple[Increase, ...] = ()
    trends: tuple[Trend, ...] = ()
    spans: tuple[Span, ...] = ()
    remarks: tuple[Remark, ...] = ()
    core_items: tuple[CoreChoice, ...] = ()
    budgets: tuple[Budget, ...] = ()
    parts: tuple[Parts, ...] = ()
    events: tuple[Event, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    tasks: tuple[Task, ...] = ()
    promises: tuple[Promise, ...] = ()
    members: tuple[Member, ...] = ()
    member_counts: tuple[MemberCount, ...] = ()
    measures: tuple[Measure, ...] = ()
    filings: tuple[Filing, ...] = ()
    lines: tuple[Line, ...] = ()
    item_shares: tuple[ShareRow, ...] = ()  # rows of single item groups; never mixed with `shares`
    network_shares: tuple[ShareRow, ...] = ()  # shares that are said to be the network's, not one member's
    sections: tuple[Section, ...] = ()
    unread: tuple[Place, ...] = field(default=())  # tables or lines that look like figures and were not understood
