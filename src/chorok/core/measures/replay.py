"""Replay: past purchases run through a screening policy. Which would have been stopped, and what the share would be.

An alternative is sure when a certified product of the same detailed item could be had in the buyer's place on the day;
it is possible when only the item group is the same, or the supply is not known (rules D7). Only a sure one stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import narwhals as nw

from chorok.core.days import on_their_day
from chorok.core.measures.share import Amounts
from chorok.core.money import Share

Policy = Literal["strict", "legal"]
POLICIES: tuple[Policy, ...] = ("strict", "legal")
"""`strict` refuses the grounds ②-⑤ of article 6, `legal` asks for evidence of them and a co-sign (rules D8)."""

OUTCOMES = ("stopped", "questioned", "grounded", "clause", "no_alternative", "returned")
ALTERNATIVES = ("sure", "possible", "none")

_GROUND = r"^[^0-9①②③④⑤]*[2345②③④⑤]([^0-9]|$)"
"""A recorded ground is ②-⑤ by the first number in it; ① is contradicted by the alternative itself (rules D8)."""


def judged(
    lines: nw.LazyFrame[Any], timeline: nw.LazyFrame[Any], places: nw.LazyFrame[Any], availability: nw.LazyFrame[Any]
) -> nw.LazyFrame[Any]:
    """Return the lines that are not green or undetermined on their day, with `alternative` (of ALTERNATIVES); lazy.

    `lines` has the canonical purchase columns and `era`; `places` maps (written, era) to a `region`, and lines whose
    organisation it does not have are left out; `availability` has for (of_group, of_detail, region), texts and '' for
    none, the stretches [since, until) with `alternative` and the `minimum` order that a sure one asks for. A key
    that it has covers all time, so no line is lost or doubled.
    """
    waiting = nw.col("state").is_in(["not_green", "undetermined"]) & ~nw.col("item_group").is_null()
    written = nw.coalesce(nw.col("organisation"), nw.lit("")).alias("written")
    detail = nw.coalesce(nw.col("detail_code"), nw.lit("")).alias("of_detail")
    keyed = on_their_day(lines, timeline).filter(waiting).with_columns(written, detail)
    placed = keyed.join(places, on=["written", "era"], how="inner")
    keys = ["item_group", "of_detail", "region"]
    met = placed.join(availability, left_on=keys, right_on=["of_group", "of_detail", "region"], how="left")
    begun, not_over = nw.col("since") <= nw.col("bought_on"), nw.col("bought_on") < nw.col("until")
    return met.filter(nw.col("since").is_null() | (begun & not_over)).with_columns(_alternative())


def _alternative() -> nw.Expr:
    found, minimum = nw.col("alternative"), nw.col("minimum")
    fits = (minimum <= 0) | (nw.col("quantity") >= minimum)
    some = nw.when(found.is_in(["sure", "possible"])).then(nw.lit("possible")).otherwise(nw.lit("none"))
    return nw.when((found == "sure") & fits).then(nw.lit("sure")).otherwise(some).alias("alternative")


def outcome(policy: Policy) -> nw.Expr:
    """Return the column `outcome` (of OUTCOMES) of lines that were judged.

    `returned`: an undetermined line, of which nobody could tell (D2); `clause`: contractor-supplied material (D5).
    """
    met = nw.col("alternative") != "none"
    sure = nw.when(nw.col("alternative") == "sure").then(nw.lit("stopped")).otherwise(nw.lit("questioned"))
    held = nw.when(_grounded()).then(nw.lit("grounded")).otherwise(sure) if policy == "legal" else sure
    bound = nw.when(_binding()).then(held).otherwise(nw.lit("clause"))
    told = nw.when(met).then(bound).otherwise(nw.lit("no_alternative"))
    returned = nw.col("state") == "undetermined"
    return nw.when(returned).then(nw.lit("returned")).otherwise(told).alias("outcome")


def _binding() -> nw.Expr:
    return (nw.col("kind") == "goods") | nw.coalesce(nw.col("furnished_material"), nw.lit(False))


def _grounded() -> nw.Expr:
    return nw.coalesce(nw.col("ground"), nw.lit("")).str.contains(_GROUND)


@dataclass(frozen=True)
class Replayed:
    """Sums over judged lines, whatever the policy: amounts in smallest currency units, and counts of lines.

    `clause` is contractor-supplied material with an alternative, `open_` what is undetermined.
    """

    sure: int = 0
    sure_lines: int = 0
    sure_grounded: int = 0
    sure_grounded_lines: int = 0
    possible: int = 0
    possible_lines: int = 0
    possible_grounded: int = 0
    possible_grounded_lines: int = 0
    clause: int = 0
    clause_lines: int = 0
    none: int = 0
    none_lines: int = 0
    open_sure: int = 0
    open_sure_lines: int = 0
    open_possible: int = 0
    open_possible_lines: int = 0
    open_none: int = 0
    open_none_lines: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Replayed:
        """Read the sums of a row of `cells`."""
        return cls(*(int(row[name] or 0) for name in SUMS))

    def __add__(self, other: Replayed) -> Replayed:
        return Replayed(*(getattr(self, name) + getattr(other, name) for name in SUMS))


SUMS = tuple(field.name for field in fields(Replayed))
"""Columns of a cell."""


def cells(lines_judged: nw.LazyFrame[Any], by: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """Return one row a group with the columns of `SUMS`; lazy. `lines_judged` is what `judged` returns."""
    keys = [expression.alias(name) for name, expression in by.items()]
    wanted = [part for name, where in _conditions().items() for part in _counted(name, where)]
    sums = [nw.col(name).sum().cast(nw.Int64) for name in SUMS]
    return lines_judged.select(*keys, *wanted).group_by(*by).agg(*sums)


def _conditions() -> dict[str, nw.Expr]:
    waiting, grounded, binding = nw.col("state") == "undetermined", _grounded(), _binding()
    found: dict[str, nw.Expr] = {"clause": ~waiting & ~binding & (nw.col("alternative") != "none")}
    for name in ALTERNATIVES:
        met = nw.col("alternative") == name
        found[f"open_{name}"] = waiting & met
        if name == "none":
            found[name] = ~waiting & met
        else:
            found[name] = ~waiting & met & binding & ~grounded
            found[f"{name}_grounded"] = ~waiting & met & binding & grounded
    return found


def _counted(name: str, where: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    nothing = nw.lit(0, nw.Int64)
    return (
        nw.when(where).then(nw.col("amount")).otherwise(nothing).alias(name),
        nw.when(where).then(nw.lit(1, nw.Int64)).otherwise(nothing).alias(f"{name}_lines"),
    )


@dataclass(frozen=True)
class Tally:
    """How many lines, and their sum in smallest currency units."""

    lines: int = 0
    amount: int = 0


@dataclass(frozen=True)
class Result:
    """What a policy would have done: a tally an outcome, and the green share as it was and as it would have been.

    `stopped` has every stopped purchase green, `at_most` every questioned one as well and every one whose ground
    evidence is asked for: a person may let those pass or not. What is undetermined stays so.
    """

    tallies: Mapping[str, Tally]
    was: Share
    stopped: Share
    at_most: Share


def result(amounts: Amounts, replayed: Replayed, policy: Policy) -> Result:
    """Apply a policy to sums: `amounts` of all lines (see measures.share), `replayed` of those that were judged."""
    tallies = _tallies(replayed, policy)
    was = amounts.share()
    stopped = _turned(was, tallies["stopped"].amount)
    asked = tallies["questioned"].amount + tallies["grounded"].amount
    return Result(tallies, was, stopped, _turned(stopped, asked))


def _turned(share: Share, amount: int) -> Share:
    return Share(share.green + amount, share.not_green - amount, share.undetermined, share.unknown)


def _tallies(replayed: Replayed, policy: Policy) -> dict[str, Tally]:
    def tally(*names: str) -> Tally:
        lines = sum(getattr(replayed, f"{name}_lines") for name in names)
        return Tally(lines, sum(getattr(replayed, name) for name in names))

    strict = policy == "strict"
    return {
        "stopped": tally("sure", *(["sure_grounded"] if strict else [])),
        "questioned": tally("possible", *(["possible_grounded"] if strict else [])),
        "grounded": tally(*([] if strict else ["sure_grounded", "possible_grounded"])),
        "clause": tally("clause"),
        "no_alternative": tally("none"),
        "returned": tally("open_sure", "open_possible", "open_none"),
    }
