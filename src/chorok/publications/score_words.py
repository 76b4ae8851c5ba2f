"""How scorecards are said, by whoever speaks: values, bands, weights and sources; `say` is the speaker's."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from chorok.core import schemes
from chorok.core.measures.scorecard import Below, Facts, Part
from chorok.core.money import round_half_away, written
from chorok.core.schemes import Indicator
from chorok.ledger.naming import Names
from chorok.ledger.scorecards import Card, Unit

Say = Callable[..., str]


def dropped_by_all(card: Card) -> tuple[Indicator, ...]:
    """Return the indicators that no unit has data for: said once rather than beside each of several units."""
    each = [dropped(one) for one in card.units if one.scored.score is not None]
    return tuple(one for one in card.scheme.indicators if len(each) > 1 and all(one in left for left in each))


def dropped(unit: Unit) -> list[Indicator]:
    """Return the indicators that a unit has no data for."""
    return [part.indicator for part in unit.scored.parts if part.weight is None]


def below(found: Below, currency: str, say: Say) -> str:
    """Return which floor a unit is below, and by which value."""
    measure, floor = found.floor.measure, found.floor
    unit = schemes.MEASURES[measure]
    return say(
        f"scorecard.below.{floor.effect}",
        measure=say(f"measure.{measure}"),
        value=value(found.value.value, unit, currency, say),
        high=value(found.value.high, unit, currency, say),
        floor=value(floor.at_least, unit, floor.currency or currency, say),
    )


def value(found: Fraction | None, unit: str, currency: str, say: Say) -> str:
    """Return a value as people write it, with its unit."""
    if found is None:
        return say("word.not_defined")
    if unit == "amount":
        return f"{written(int(round_half_away(found, 0)), currency)} {currency}"
    return plain(found) if unit == "count" else f"{plain(found)}{say(f'unit_mark.{unit}')}"


def plain(found: Fraction) -> str:
    """Return a number with up to two decimals, without those that say nothing."""
    text = str(round_half_away(found, 2))
    return text.rstrip("0").rstrip(".")


def band(indicator: Indicator, say: Say) -> str:
    """Return a scale as data: 'value→points' from place to place."""
    if indicator.scale == "best":
        return say("scorecard.best")
    places = ", ".join(f"{plain(at)}→{plain(points)}" for at, points in indicator.band)
    return f"{places}, …" if indicator.beyond else places


def weight(part: Part) -> str:
    """Return the weight; where others were dropped, from what to what it grew."""
    given = plain(part.indicator.weight)
    if part.weight is None:
        return f"{given} → –"
    return given if part.weight == part.indicator.weight else f"{given} → {plain(part.weight)}"


def source(card: Card, facts: Facts | None, part: Part, names: Names, say: Say) -> str:
    """Return where a value comes from: the ledger, a target, or the office's own record."""
    if facts is None or part.value.value is None:
        return say("scorecard.record_it", indicator=part.indicator.key) if part.indicator.effort else ""
    if part.indicator.effort:
        effort = facts.efforts[part.indicator.key]
        return f"{effort.source} ({effort.on})" if effort.on else effort.source
    if part.indicator.measure == "attainment" and facts.aim:
        owner = names.show("organisation", facts.aim.scope)
        return say("scorecard.from_target", owner=owner, aim=plain(facts.aim.percent), on=facts.aim.set_on or "–")
    return say("scorecard.from_ledger", snapshot=card.answer.snapshot)


def away(found: Fraction) -> Fraction:
    """Round a needed change away from zero to what is shown, so that it is enough as it stands."""
    hundred = found * 100
    whole = -(-hundred.numerator // hundred.denominator) if found > 0 else hundred.numerator // hundred.denominator
    return Fraction(whole, 100)
