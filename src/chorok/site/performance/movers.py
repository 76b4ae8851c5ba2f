"""What moved the share since the period before, or what sets two scopes apart: in words, in a waterfall, in a table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from chorok.core import periods
from chorok.core.measures import drivers as split
from chorok.core.measures.drivers import Change, Point, Step, Undefined
from chorok.core.measures.share import Amounts
from chorok.core.money import Share, percent, ratio
from chorok.publications import charts
from chorok.site.config.language import say
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Cell, Head, Table, points, points_cell, rate, rate_cell

DIGITS = 2
MOST = 6
"""Item groups that a waterfall shows by name; the rest stands together."""


def before(scope: Scope) -> str | None:
    """Return the period one year before the scope's; None when it is no year, half, quarter or month."""
    found = periods.numbered(scope.period)
    return periods.label(found[1] - periods.PER_YEAR[found[0]], found[0]) if found else None


def over_time(reading: Reading) -> Change | Undefined | None:
    """Split the change since a year before; None where the period cannot be compared."""
    earlier = before(reading.scope)
    if earlier is None:
        return None
    basis = reading.scope.basis
    first = point(earlier, reading.items_in(periods.parse(earlier)), basis)
    return split.change([first, point(reading.scope.written, reading.items, basis)])


def point(name: str, items: dict[str | None, Amounts], basis: str) -> Point:
    """Return the shares of all item groups as a point of a comparison."""
    known = not any(amounts.not_known for amounts in items.values())
    return Point(name, {item: amounts.share(basis) for item, amounts in items.items()}, known)


@dataclass(frozen=True)
class Told:
    """A change and how it is told. `apart`: two scopes are compared, not two periods."""

    scope: Scope
    change: Change
    apart: bool = False

    @cached_property
    def whole(self) -> Step:
        """All of it as one step."""
        return self.change.whole

    @cached_property
    def total(self) -> split.Shown:
        """The change and its two parts as shown."""
        return split.table([(self.whole.green, self.whole.denominator)], DIGITS)[1]

    @cached_property
    def sentences(self) -> list[str]:
        """What drove the change."""
        whole, total = self.whole, self.total
        way = "same" if not total.change else "up" if total.change > 0 else "down"
        found = [
            say(
                f"drivers.apart.{way}" if self.apart else f"drivers.moved.{way}",
                before=whole.before.name,
                after=whole.after.name,
                first=percent(whole.before.total.value),
                last=percent(whole.after.total.value),
                change=abs(total.change),
            )
        ]
        if not self.apart:
            code = split.cause(total.first, total.second)
            found.append(say(f"drivers.cause.{code}", green=f"{total.first:+}", denominator=f"{total.second:+}"))
        rate_mix = self._effects[1]
        found.append(say("drivers.rate_mix", rate=f"{rate_mix.first:+}", mix=f"{rate_mix.second:+}"))
        low_high = split.bounds(whole)
        if low_high:
            low, high = (f"{percent(value):+}" for value in low_high)
            found.append(say("drivers.bounds", low=low, high=high))
        return [*found, say("drivers.method_scopes" if self.apart else "drivers.method", steps=len(self.change.steps))]

    @cached_property
    def ordered(self) -> list[str | None]:
        """The item groups that did anything, the greatest change first."""
        items = self.whole.items
        moved = [key for key, effect in items.items() if effect.rate or effect.mix]
        ranks = dict(zip(moved, split.ranks([abs(items[key].change) for key in moved]), strict=True))
        return sorted(moved, key=lambda key: (-ranks[key], key or ""))

    @cached_property
    def _effects(self) -> tuple[list[split.Shown], split.Shown]:
        """Rate and mix as shown, in that order, and their totals."""
        return split.table([(self.whole.items[key].rate, self.whole.items[key].mix) for key in self.ordered], DIGITS)

    def item(self, key: str | None) -> str:
        """Return what an item group is called."""
        return self.scope.names.show("item", key) or say("drivers.no_item")

    @cached_property
    def chart(self) -> str:
        """The waterfall from the first share over the item groups to the last; its parts add up as they are shown."""
        whole, keys = self.whole, self.ordered
        first, last = whole.before.total.value, whole.after.total.value
        if first is None or last is None:
            return ""
        named, rest = keys[:MOST], keys[MOST:]
        parts = [(self.item(key), whole.items[key].change) for key in named]
        if rest:
            named_change = sum((change for _, change in parts), Fraction(0))  # all of them together are the change
            parts.append((say("site.performance.movers.rest", count=len(rest)), whole.change - named_change))
        shown = split.in_points([change for _, change in parts], DIGITS, self.total.change)
        steps = [
            charts.Step(whole.before.name, first * 100, "total", rate(first)),
            *(
                charts.Step(label, change * 100, "change", points(written))
                for (label, change), written in zip(parts, shown, strict=True)
            ),
            charts.Step(whole.after.name, last * 100, "total", rate(last)),
        ]
        at = first * 100
        lowest = min(first, last) * 100
        for step in steps[1:-1]:
            at += step.value
            lowest = min(lowest, at)
        ground = max(Fraction(0), lowest - 5)
        title = say("site.performance.movers.title")
        return charts.waterfall("movers", title, self.sentences[0], steps, ground)

    @cached_property
    def table(self) -> Table:
        """All item groups with their rates, weights and effects."""
        whole, (shown, total) = self.whole, self._effects
        rows = [self._row(key, cells) for key, cells in zip(self.ordered, shown, strict=True)]
        every = [Cell("total", say("column.total")), *self._rates(whole.before.total.value, whole.after.total.value)]
        rows.append([*every, Cell(None, ""), Cell(None, ""), *_effects(total)])
        return Table.of("movers", say("site.performance.movers.table"), COLUMNS, rows)

    def _row(self, key: str | None, cells: split.Shown) -> list[Cell]:
        name, pair = self.item(key), (self.whole.before, self.whole.after)
        shares = [point_.items.get(key) for point_ in pair]
        weights = [_weight(share, point_) for share, point_ in zip(shares, pair, strict=True)]
        rates = self._rates(*(share.value if share else None for share in shares))
        return [Cell(name, name), *rates, *self._rates(*weights), *_effects(cells)]

    def _rates(self, *values: Fraction | None) -> list[Cell]:
        return [rate_cell(value) if value is not None else Cell(None, "–") for value in values]


def _weight(share: Share | None, at: Point) -> Fraction | None:
    """Return how much of all spending at a point an item group is."""
    return ratio(share.denominator, at.total.denominator) if share else None


def _effects(cells: split.Shown) -> list[Cell]:
    return [points_cell(one) for one in (cells.first, cells.second, cells.change)]


COLUMNS = (
    Head("item"),
    Head("rate_before", number=True),
    Head("rate_after", number=True),
    Head("weight_before", number=True),
    Head("weight_after", number=True),
    Head("rate_effect", number=True),
    Head("mix_effect", number=True),
    Head("change", number=True),
)
