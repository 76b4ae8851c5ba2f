"""Who screens since when under which policy, how much of what is bought was screened, and how requests fare."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from chorok.core.measures import drivers as split
from chorok.core.measures.share import Amounts
from chorok.core.money import ratio
from chorok.core.periods import parse
from chorok.core.screening.fulfilment import outliers
from chorok.core.screening.grounds import NUMBERS, number_of
from chorok.core.screening.workflow import STATES
from chorok.ledger import drivers
from chorok.ledger.figures import Question, summary
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.fulfilment import selectors as followed
from chorok.site.performance.movers import Told
from chorok.site.performance.scope import Scope
from chorok.site.screening import adoptions
from chorok.site.screening.durations import days_and_hours, worked
from chorok.site.screening.models import Adoption, Request, Step, Waiting
from chorok.site.screening.offices import upwards
from chorok.site.screening.tuning import title

DISTRICTS = ("district",)
REPORT = "screenings.report"
"""The right to see how screening fares, within one's own organisations."""


@dataclass(frozen=True)
class Row:
    """An organisation: its policy (None: it does not screen), from whom it has it, and what was bought since.

    `sums` by currency: `lines` and `amount` of eligible purchases since the adoption, those matched and those skipped.
    """

    code: str
    policy: str | None
    since: date | None
    above: str | None
    requests: int
    sums: tuple[dict[str, Any], ...]


def shown(actor: Actor) -> list[str]:
    """Return the organisations that are listed: those that adopted, and districts and headquarters within reach."""
    reach = actor.reach(REPORT)
    adopted = set(Adoption.objects.filter(organisation__in=reach).values_list("organisation", flat=True))
    kinds = (*DISTRICTS, "headquarters")
    return [
        code
        for code in actor.tree.codes()
        if code in reach and (code in adopted or ((row := actor.tree.get(code)) is not None and row.kind in kinds))
    ]


def rows(actor: Actor) -> list[Row]:
    """Return the organisations that are listed, each with what is below it and is not listed itself."""
    listed = shown(actor)
    owner = {code: _nearest(actor, code, listed) for code in actor.reach(REPORT)}
    sums = _sums(actor, owner)
    counted: Counter[str] = Counter()
    for code in (
        Request.objects.exclude(submitted_at=None).filter(organisation__in=owner).values_list("organisation", flat=True)
    ):
        counted[owner[code] or ""] += 1
    return [_row(actor, code, counted[code], sums.get(code, {})) for code in listed]


def _nearest(actor: Actor, code: str, listed: list[str]) -> str | None:
    return next((one for one in upwards(actor.tree, code, actor.today) if one in set(listed)), None)


def _row(actor: Actor, code: str, requests: int, sums: dict[str, dict[str, Any]]) -> Row:
    found = adoptions.in_force(actor.tree, code, actor.today)
    one = found.adoption
    if one is None:
        return Row(code, None, None, None, requests, ())
    above = one.organisation if one.organisation != code else None
    return Row(code, title(found.policy), first_day(one), above, requests, tuple(sums.values()))


def first_day(one: Adoption) -> date:
    """Return since when an organisation screens without a break, under whatever policy."""
    spans = Adoption.objects.filter(organisation=one.organisation).values_list("since", "until")
    return next(
        since for since, until in followed.merged(spans) if since <= one.since and (until is None or one.since < until)
    )


def _sums(actor: Actor, owner: dict[str, str | None]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return organisation that is listed -> currency -> what it bought since it screens."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for skipped in followed.skipped(actor, owner, 0):
        for sum_ in skipped.sums:
            code, currency = owner.get(sum_["place"]) or "", sum_["currency"]
            into = found[code].setdefault(currency, {"currency": currency, **dict.fromkeys(_COUNTED, 0)})
            for name in _COUNTED:
                into[name] += sum_[name]
    for of_currency in found.values():
        for into in of_currency.values():
            into["matched_lines"] = into["lines"] - into["skipped_lines"]
            into["matched"] = into["amount"] - into["skipped"]
            into["rate"] = ratio(into["matched"], into["amount"])
    return found


_COUNTED = ("lines", "amount", "skipped_lines", "skipped")


def districts(actor: Actor, found: list[Row]) -> list[tuple[str, int, int]]:
    """Return city -> how many of its districts screen, of how many."""
    counted: dict[str, list[bool]] = defaultdict(list)
    for row in found:
        organisation = actor.tree.get(row.code)
        if organisation is not None and organisation.kind in DISTRICTS:
            counted[actor.tree.city_of(row.code, actor.today) or row.code].append(row.policy is not None)
    return [(city, sum(each), len(each)) for city, each in counted.items()]


def states(actor: Actor) -> list[tuple[str, int]]:
    """Return how many requests that were handed in stand where, in the order of their way."""
    found = Counter(_handed_in(actor).values_list("state", flat=True))
    return [(state, found[state]) for state in STATES if found[state]]


def overdue(actor: Actor) -> int:
    """Return for how many requests an office is late."""
    late = Waiting.objects.filter(due_on__lt=actor.today, request__organisation__in=actor.reach(REPORT))
    return late.values("request").distinct().count()


def _handed_in(actor: Actor) -> Any:
    return Request.objects.exclude(submitted_at=None).filter(organisation__in=actor.reach(REPORT))


def stages(actor: Actor) -> list[tuple[str, int, int, int]]:
    """Return stage -> the median time on working days that it took: days, hours, of how many steps."""
    took: dict[str, list[timedelta]] = defaultdict(list)
    before: dict[int, Any] = {}
    steps = Step.objects.filter(request__in=_handed_in(actor)).order_by("request", "pk")
    for request, stage, at in steps.values_list("request", "stage", "at"):
        if stage and request in before:
            took[stage].append(worked(before[request], at))
        before[request] = at
    return [(stage, *days_and_hours(_median(spans)), len(spans)) for stage, spans in sorted(took.items())]


def _median(spans: list[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans))


def departments(actor: Actor) -> list[dict[str, Any]]:
    """Return by department how many lines were handed in, denied, by ground, and who is far above the others."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    steps = Step.objects.filter(verb="submit", request__organisation__in=actor.reach(REPORT))
    for organisation, department, lines in steps.values_list("request__organisation", "request__department", "lines"):
        into = counts[organisation, department]
        for line in lines:
            into["lines"] += 1
            into["denied"] += line["outcome"] == "denied"
            into[str(number_of(line.get("ground") or None))] += 1
    far = {what: set(_far(counts, key)) for what, key in (("denied", "denied"), ("ground_2", "2"))}
    return [
        {
            "organisation": organisation,
            "department": department,
            "lines": into["lines"],
            "denied": into["denied"],
            "grounds": [into[str(number)] for number in NUMBERS],
            "far": [what for what, names in far.items() if f"{organisation}\x1f{department}" in names],
        }
        for (organisation, department), into in sorted(counts.items())
    ]


def _far(counts: dict[tuple[str, str], Counter[str]], key: str) -> tuple[str, ...]:
    return outliers({"\x1f".join(name): (into[key], into["lines"]) for name, into in counts.items()})


@dataclass(frozen=True)
class Effect:
    """Shares by year around an adoption, and what drove the change: a sequence, no cause."""

    code: str
    years: list[tuple[int, Fraction | None, str]]
    sentences: list[str]
    last: int


def effects(actor: Actor) -> list[Effect]:
    """Return share and drivers around each adoption that is within reach and old enough, the first ones first."""
    if not site.is_published():
        return []
    found = Adoption.objects.filter(organisation__in=actor.reach(REPORT), since__lte=actor.today).order_by(
        "since", "pk"
    )
    first: dict[str, Adoption] = {}
    for one in found:
        first.setdefault(one.organisation, one)
    return [_effect(actor, one) for one in first.values()]


def _effect(actor: Actor, one: Adoption) -> Effect:
    """Compare the last whole year without the policy with the first whole one with it."""
    whole_from = one.since.year if (one.since.month, one.since.day) == (1, 1) else one.since.year + 1
    before = one.since.year - 1
    sentences = []
    if whole_from != one.since.year:
        sentences.append(say("site.screening.rollout.both", year=one.since.year))
    years = _years(actor, one, before, whole_from)
    if whole_from >= actor.today.year:
        sentences.append(say("site.screening.rollout.not_over", year=whole_from))
        return Effect(one.organisation, years, sentences, whole_from)
    question = Question((), definition=one.definition, organisation=one.organisation)
    _, series = drivers.over_time(site.published(), question, parse(str(before)), parse(str(whole_from)))
    for points in series.values():
        told = split.change(points)
        if isinstance(told, split.Undefined):
            sentences.append(say("site.screening.rollout.not_comparable", at=told.at))
        else:
            sentences += Told(_scope(actor, one, whole_from), told).sentences
    if not series:
        sentences.append(say("site.screening.rollout.not_comparable", at=before))
    return Effect(one.organisation, years, sentences, whole_from)


def _years(actor: Actor, one: Adoption, before: int, whole_from: int) -> list[tuple[int, Fraction | None, str]]:
    question = Question(("year",), definition=one.definition, organisation=one.organisation)
    found = {figure.keys[0]: figure.amounts for figure in summary(site.published(), question).figures}
    wanted = range(before, min(actor.today.year, whole_from + 3) + 1)
    marks = {
        actor.today.year: "site.screening.rollout.mark.running",
        one.since.year: "site.screening.rollout.mark.begins",
    }
    return [(year, _share(found.get(str(year))), marks.get(year, "")) for year in wanted]


def _share(amounts: Amounts | None) -> Fraction | None:
    """Return a share; None where there is none, or the definition was not known yet."""
    return None if amounts is None or amounts.not_known else amounts.share().value


def _scope(actor: Actor, one: Adoption, year: int) -> Scope:
    return Scope(
        actor, site.published(), site.names(), one.organisation, one.definition, "eligible", str(year),
        parse(str(year)), "year", None, actor.today,
    )  # fmt: skip
