"""`chorok scorecard`: scores, ranks, the reasons for each point, and what one more would take."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any, cast, get_args

import typer

from chorok.cli.figures import BasisOption, ScopeOption, warn
from chorok.cli.grounds import tell_grounds
from chorok.cli.options import (
    AsOfOption,
    CsvOption,
    DefinitionOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.scopes import full_name, last_full_year, scope_of
from chorok.cli.speech import Column, Form, language, named, note, say, show, tell
from chorok.core import schemes
from chorok.core.errors import UsageError
from chorok.core.measures import one_more
from chorok.core.measures.one_more import GREEN, GROUNDS, Step
from chorok.core.measures.scorecard import Part, Value
from chorok.core.money import round_half_away, written
from chorok.core.schemes import Indicator, Scheme
from chorok.ledger import scorecards
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.scorecards import Asked, Card, Kind, Unit
from chorok.publications import score_words as words

SchemeOption = Annotated[str, typer.Option("--scheme", help=say("help.option.scheme"))]
UnitOption = Annotated[str, typer.Option("--unit", help=say("help.option.unit", known=", ".join(scorecards.KINDS)))]
ExplainOption = Annotated[str | None, typer.Option("--explain", help=say("help.option.explain_unit"))]
YearOption = Annotated[int | None, typer.Option("--year", min=1990, max=2100, help=say("help.option.year"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scorecard", help=say("help.scorecard"))(scorecard)


def scorecard(
    scheme: SchemeOption = "bsc",
    year: YearOption = None,
    organisation: ScopeOption = None,
    unit: UnitOption = "district",
    explain: ExplainOption = None,
    listed: Annotated[bool, typer.Option("--list", help=say("help.option.list_schemes"))] = False,
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    ledger: LedgerOption = default_ledger(),
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Score and rank units by a scheme."""
    if listed:
        _list(form(json, csv))
        return
    if unit not in get_args(Kind):
        raise UsageError("unit_unknown", unit=unit, known=", ".join(scorecards.KINDS))
    rule = scorecards.scheme_of(scheme)
    published = Published.at(open_ledger(ledger), as_of)
    scope = scope_of(published.tree, organisation) if organisation else None
    chosen = year or last_full_year(published.ledger.today)
    asked = Asked(chosen, cast("Kind", unit), scope, basis, definition)
    card = scorecards.card(published, rule, asked)
    names = Names.of(published.registry, language())
    if explain and card.units:
        _explain(card, _unit(card, published, explain), names, form(json, csv))
    else:
        _print(card, names, form(json, csv))
    _remarks(card, published)


SCHEMES = (Column("scheme"), Column("title"), Column("since"), Column("indicators"), Column("source"))


def _list(output: Form) -> None:
    presets = [schemes.preset(name) for name in schemes.names()]
    rows = [
        {
            "scheme": one.id,
            "title": named(one, "title_"),
            "since": one.in_force_from,
            "indicators": "; ".join(f"{named(part, 'title_')} {words.plain(part.weight)}" for part in one.indicators),
            "source": named(one, "source_"),
        }
        for one in presets
    ]
    show(SCHEMES, rows, output)
    if output == "table":
        tell("scorecard.own_scheme")


def _unit(card: Card, published: Published, written_as: str) -> Unit:
    """Find the unit to explain by its code or name; a department is CODE/department."""
    fitting = [one for one in card.units if "/".join(one.key) == written_as]
    if not fitting:
        place, _, department = written_as.partition("/")
        key = (scope_of(published.tree, place), *([department] if department else []))
        fitting = [one for one in card.units if one.key == key]
    if not fitting:
        raise UsageError(
            "unit_missing", unit=written_as, kind=say(f"unit_kind.{card.asked.kind}"), year=card.asked.year
        )
    return fitting[0]


UNITS = (
    Column("rank", right=True),
    Column("scored_unit"),
    Column("score", right=True),
    Column("score_low", right=True),
    Column("score_high", right=True),
    Column("known_weight", right=True),
    Column("one_more", right=True),
    Column("remark"),
)


def _print(card: Card, names: Names, output: Form) -> None:
    plain = output != "table"
    codes = (Column("scored_unit_code"), Column("currency"), Column("state")) if plain else ()
    shared = () if plain else words.dropped_by_all(card)
    rows = [_row(card, one, names, plain, shared) for one in card.units]
    show((*UNITS, *codes), rows, output, title="" if plain else _title(card))
    if output == "table" and card.units:
        if shared:
            tell("scorecard.dropped_by_all", indicators=_titles(shared))
        _tell_basis(card, names)


def _titles(indicators: Iterable[Indicator]) -> str:
    return ", ".join(named(one, "title_") for one in indicators)


def _title(card: Card) -> str:
    return f"{named(card.scheme, 'title_')}, {card.asked.year}"


def _row(card: Card, unit: Unit, names: Names, plain: bool, shared: tuple[Indicator, ...]) -> dict[str, Any]:
    scored = unit.scored
    numbers = {"score": scored.score, "score_low": scored.low, "score_high": scored.high}
    row: dict[str, Any] = {
        "rank": scored.rank,
        "scored_unit": _name(card, unit, names),
        **{
            name: None if one is None else str(round_half_away(one, card.scheme.digits))
            for name, one in numbers.items()
        },
        "known_weight": None if scored.score is None else words.plain(scored.known),
        "one_more": _one_more(card, unit, plain),
        "remark": _remark(unit, shared),
    }
    return {**row, "scored_unit_code": "/".join(unit.key), "currency": unit.currency, "state": scored.state}


def _name(card: Card, unit: Unit, names: Names) -> str:
    return " ".join([full_name(card.tree, names, unit.key[0]), *unit.key[1:]])


def _one_more(card: Card, unit: Unit, plain: bool) -> str | int | None:
    """Return the money that one more point takes; in a table with a plus, or in words when money cannot bring it."""
    if unit.facts is None or unit.scored.score is None or not _scores_green(card.scheme):
        return None
    step = one_more.green(card.scheme, unit.facts, card.best, unit.scored)
    if step.change is None:
        return None if plain else say("scorecard.not_reachable" if step.gain else "scorecard.full")
    return int(step.change) if plain else f"+{written(int(step.change), unit.currency)}"


def _scores_green(scheme: Scheme) -> bool:
    return any(one.measure in one_more.MOVED_BY_GREEN for one in scheme.indicators)


def _remark(unit: Unit, said_once: tuple[Indicator, ...] = ()) -> str:
    scored = unit.scored
    said = [] if scored.state in ("ranked", "below_floor") else [say(f"scorecard.state.{scored.state}")]
    said += [words.below(one, unit.currency, say) for one in scored.below]
    dropped = [one for one in words.dropped(unit) if one not in said_once]
    if dropped and scored.score is not None:
        said.append(say("scorecard.dropped", indicators=_titles(dropped)))
    return "; ".join(said)


PARTS = (
    Column("indicator"),
    Column("value", right=True),
    Column("value_low", right=True),
    Column("value_high", right=True),
    Column("band"),
    Column("scheme_weight", right=True),
    Column("points", right=True),
    Column("points_low", right=True),
    Column("points_high", right=True),
    Column("source"),
)
STEPS = (Column("part"), Column("lever"), Column("change", right=True), Column("gain", right=True))


def _explain(card: Card, unit: Unit, names: Names, output: Form) -> None:
    """Print a unit's points one by one, then what one more would take."""
    plain = output != "table"
    parts = [_part_row(card, unit, part, names, plain) for part in unit.scored.parts]
    steps = [] if unit.facts is None else list(one_more.steps(card.scheme, unit.facts, card.best, unit.scored))
    if plain:
        show((*PARTS, *STEPS), [*parts, *(_step_row(one) for one in steps)], output)
        return
    show(PARTS, parts, output, title=f"{_name(card, unit, names)}: {_title(card)}")
    _tell_score(card, unit)
    for step in steps:
        _tell_step(card.scheme, step, unit)
    _tell_basis(card, names)


def _part_row(card: Card, unit: Unit, part: Part, names: Names, plain: bool) -> dict[str, Any]:
    numbers = {"points": part.points, "points_low": part.low, "points_high": part.high}
    digits = card.scheme.digits
    points = {
        name: str(round_half_away(one, digits)) if part.weight is not None else None for name, one in numbers.items()
    }
    row = {
        "indicator": part.indicator.key if plain else named(part.indicator, "title_"),
        **_values(part, unit, plain),
        "band": words.band(part.indicator, say),
        "scheme_weight": words.weight(part),
        **points,
        "source": words.source(card, unit.facts, part, names, say),
    }
    return {**row, "part": "indicator"} if plain else row


def _values(part: Part, unit: Unit, plain: bool) -> dict[str, Any]:
    value: Value = part.value
    if value.value is None:
        said = value.reason if plain else say(f"value_reason.{value.reason}")
        return {"value": said, "value_low": None, "value_high": None}
    found = {"value": value.value, "value_low": value.low, "value_high": value.high}
    kind = part.indicator.measured_in
    if plain:
        return {
            name: str(round_half_away(one or Fraction(), 0 if kind == "amount" else 4)) for name, one in found.items()
        }
    return {name: words.value(one, kind, unit.currency, say) for name, one in found.items()}


def _step_row(step: Step) -> dict[str, Any]:
    return {
        "part": "one_more",
        "lever": step.lever,
        "change": None
        if step.change is None
        else str(round_half_away(step.change, 0 if step.lever in (GREEN, GROUNDS) else 4)),
        "gain": str(round_half_away(step.gain, 4)),
    }


def _tell_score(card: Card, unit: Unit) -> None:
    scored, digits = unit.scored, card.scheme.digits
    if scored.score is None:
        tell(f"scorecard.state.{scored.state}")
        return
    low, score, high = (round_half_away(one or Fraction(), digits) for one in (scored.low, scored.score, scored.high))
    tell("scorecard.score", score=score, low=low, high=high, rank=scored.rank or "–", of=_ranked(card))
    remark = _remark(unit)
    if remark:
        note("scorecard.remark", remark=remark)


def _ranked(card: Card) -> int:
    return sum(one.scored.rank is not None for one in card.units)


def _tell_step(scheme: Scheme, step: Step, unit: Unit) -> None:
    indicator = next((one for one in scheme.indicators if one.effort == step.lever), None)
    lever = named(indicator, "title_") if indicator else say(f"lever.{step.lever}")
    if step.change is None:
        tell("scorecard.most" if step.gain else "scorecard.all_there", lever=lever, gain=words.plain(step.gain))
    elif indicator:
        sign = "+" if step.change > 0 else ""
        change = words.value(words.away(step.change), indicator.measured_in, "", say)
        tell("scorecard.more", lever=lever, change=f"{sign}{change}")
    else:
        amount = f"{written(int(step.change), unit.currency)} {unit.currency}"
        share = "" if step.share is None else words.plain(words.away(step.share))
        tell(f"scorecard.more_{step.lever}", amount=amount, share=share)


def _tell_basis(card: Card, names: Names) -> None:
    scheme = card.scheme
    tell("scorecard.scheme", title=named(scheme, "title_"), since=scheme.in_force_from, source=named(scheme, "source_"))
    tell("scorecard.note", note=named(scheme, "note_"))
    tell(f"scorecard.how.{card.asked.kind}", year=card.asked.year)
    tell("scorecard.reading")
    currencies = {one.currency for one in card.units if one.currency}
    scope = names.show("organisation", card.asked.organisation) if card.asked.organisation else None
    tell_grounds(card.answer, currencies, scope)


def _remarks(card: Card, published: Published) -> None:
    """Say what a reader of the scores should know."""
    if not card.units:
        place = "scorecard.nothing" if card.tree.rows else "scorecard.no_organisations"
        note(place, kind=say(f"unit_kind.{card.asked.kind}"), year=card.asked.year)
    warn(card.answer)
    for currency, amount in card.outside.items():
        kind = say(f"unit_kind.{card.asked.kind}")
        note("scorecard.outside", amount=written(amount, currency), currency=currency, kind=kind)
    if not card.scheme.covers(card.asked.year):
        note("scorecard.not_in_force", since=card.scheme.in_force_from, year=card.asked.year)
    if not card.scheme.checker:
        note("scorecard.unchecked")
    if card.asked.year >= published.ledger.today.year:
        note("scorecard.running", year=card.asked.year, day=published.ledger.today)
