"""Item groups that a report singles out: do they carry the result, did they move as meant, were they well chosen?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from chorok.core.checks.readings import Figure, before, key, number, own_rows, places, points, results, targets
from chorok.core.checks.report import CoreChoice, Printed, Report, ShareRow
from chorok.core.checks.results import Given, Outcome, Word, finding, fine
from chorok.core.checks.rules import Rule
from chorok.core.measures.core_items import greatest_weight
from chorok.core.money import rounding_interval


def total_without_items(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for a total target that was met while every single item missed its own."""
    reached, aimed = results(report), targets(report)
    for (name, year), aim in aimed.items():
        total = reached.get(("", year))
        goals = {item: one for (item, when), one in aimed.items() if item and when == year and (item, year) in reached}
        if name or total is None or not goals:
            continue
        subject, stands = (year,), places(total.rate, *(reached[item, year].rate for item in goals))
        missed = [(reached[item, year], goal) for item, goal in goals.items() if _misses(reached[item, year], goal)]
        if _misses(total, aim) or len(missed) < len(goals):
            yield fine(subject, stands)
            continue
        fell = [_change(one, before(reached, one.item, year)) for one, _ in missed]
        yield finding(
            "total_without_items", subject, stands,
            year=year, target=aim.rate.text, result=total.rate.text, count=len(missed),
            fell=[change for change in fell if change] or Word("none"),
            missed=[f"{one.item} ({one.rate.text} < {goal.rate.text})" for one, goal in missed],
            **_bounds(total.rate.value, [one for one, _ in missed]),
        )  # fmt: skip


def _misses(result: Figure, goal: Figure) -> bool:
    return result.rate.value < goal.rate.value


def _fell(now: Figure, earlier: Figure | None) -> bool:
    return earlier is not None and now.rate.value < earlier.rate.value


def _change(now: Figure, earlier: Figure | None) -> str:
    """An item that fell and by how much, '' for one that did not."""
    return f"{now.item} ({points(now.rate, earlier.rate)} %p)" if earlier and _fell(now, earlier) else ""


def _bounds(total: Fraction, items: list[Figure]) -> dict[str, str]:
    """The most of the spending that items can be: with weight w, total <= w * item + (1 - w) * 100."""
    most = sorted((_most(total, one.rate.value), one.item or "") for one in items)
    (low, low_item), (high, high_item) = most[0], most[-1]
    return {"most": number(high, 1), "most_item": high_item, "least": number(low, 1), "least_item": low_item}


def _most(total: Fraction, item: Fraction) -> Fraction:
    """Rates that no share can have bound nothing."""
    if not (0 <= total <= 100 and 0 <= item <= 100):
        return Fraction(100)
    return greatest_weight(total / 100, item / 100) * 100


def item_against_direction(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for items that fell while their target was a rise, and that `total_without_items` does not name already."""
    reached, aimed = results(report), targets(report)
    told = {outcome.subject for outcome in total_without_items(report, rule) if outcome.code}
    for (item, year), goal in aimed.items():
        now, earlier = reached.get((item, year)), before(reached, item, year)
        if now is None or earlier is None or (item and (str(year),) in told):
            continue
        subject, stands = (goal.title, year), places(now.rate, earlier.rate)
        if goal.rate.value > earlier.rate.value and _fell(now, earlier):
            yield finding(
                "item_against_direction", subject, stands,
                item=goal.title, year=year, earlier_year=earlier.year, earlier=earlier.rate.text, result=now.rate.text,
                target=goal.rate.text, change=points(now.rate, earlier.rate),
            )  # fmt: skip
        else:
            yield fine(subject, stands)


def core_items_chosen(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask for the numbers behind 'much spent and a low rate', and whether the rates are low at all."""
    reached = results(report)
    for choice in report.core_items:
        if choice.high_spend:
            yield _spending(choice)
        total = reached.get(("", choice.year)) if choice.year else None
        if choice.low_rate and total:
            rates = [reached[key(item), total.year] for item in choice.items if (key(item), total.year) in reached]
            for one in rates:
                yield _low_enough(one, total, choice, rule.numbers["weak_below_points"])


def _spending(choice: CoreChoice) -> Outcome:
    subject, stands = (Word("spending"), choice.year or 0), (choice.place,)
    if len(choice.spend) == len(choice.items):
        return fine(subject, stands)
    return finding("core_spending_missing", subject, stands, items=choice.items, year=choice.year or "–")


def _low_enough(one: Figure, total: Figure, choice: CoreChoice, points_below: int) -> Outcome:
    subject, stands = (one.title, one.year), places(choice.place, one.rate, total.rate)
    gap = total.rate.value - one.rate.value
    if gap >= points_below:
        return fine(subject, stands)
    code = "core_item_not_low" if gap <= 0 else "core_item_weak"
    below = points(total.rate, one.rate).removeprefix("+")
    said: dict[str, Given] = {"item": one.title, "year": one.year, "rate": one.rate.text, "total": total.rate.text}
    return finding(code, subject, stands, **said, **({"gap": below} if gap > 0 else {}))


def core_weight(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Tell whether the items' spending and rates can be part of the total's, whatever the rest was."""
    reached = results(report)
    for choice in report.core_items:
        row = own_rows(report).get(choice.year or report.year or 0)
        rates = [reached.get((key(item), row.year)) for item in choice.items] if row else []
        if row and row.total and row.green and 0 < len(choice.spend) == len(choice.items) and all(rates):
            yield _weighed(choice, row, row.total, row.green, [rate for rate in rates if rate])


def _weighed(choice: CoreChoice, row: ShareRow, total: Printed, green: Printed, rates: list[Figure]) -> Outcome:
    spends = [rounding_interval(spend.text) for spend in choice.spend]
    least_spent = sum((low for low, _ in spends), Fraction(0))
    parts = [(spend, rate.interval) for spend, rate in zip(spends, rates, strict=True)]
    least = sum((spend[0] * rate[0] / 100 for spend, rate in parts), Fraction(0))
    most = sum((spend[1] * rate[1] / 100 for spend, rate in parts), Fraction(0))
    rest = rounding_interval(total.text)[1] - least_spent
    green_low, green_high = rounding_interval(green.text)
    subject, stands = (row.year,), places(choice.place, total, green)
    if rest >= 0 and green_high >= least and green_low - most <= rest:
        return fine(subject, stands)
    spent = sum((spend.value for spend in choice.spend), Fraction(0))
    greens = sum((s.value * r.rate.value / 100 for s, r in zip(choice.spend, rates, strict=True)), Fraction(0))
    return finding(
        "core_weight_impossible", subject, stands,
        year=row.year, items=choice.items, spent=number(spent, total.digits), greens=number(greens, total.digits),
        total=total.text, green=green.text,
    )  # fmt: skip
