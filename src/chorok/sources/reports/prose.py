"""A report as a tree of blocks -> Report: its tables, its claims, its events and what it set out to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chorok.core.checks.report import Place, Report, Section
from chorok.sources.reports import claims, events, figures, items, profile, programme
from chorok.sources.reports.figures import Figures, Setting
from chorok.sources.reports.markup import without_markup
from chorok.sources.reports.outline import LONGEST_BLOCK, LONGEST_SENTENCE, Node, outline, spoken, value_of
from chorok.sources.reports.stated import stated
from chorok.sources.reports.words import any_of, years

_BASIS = any_of(r"basis(?: of (?:the )?(?:figures|shares))?", r"(?:집계|산정|구매율)\s?(?:기준|범위)")
_DEFINITION = any_of(r"definition(?: of green (?:products|purchases))?", r"녹색제품\s?(?:기준|정의|범위)")
_NUMBERED = re.compile(r"^(?:[IVX]{1,5}|\d{1,2}|[가-하])\s?[.)]?\s+(?=\S)")


def read_lines(name: str, lines: Sequence[tuple[str, str]]) -> Report:
    """Return what the lines (where, text) of a report say. Nothing in them is an empty report."""
    lines = without_markup(lines)
    short = [(where, text if len(text) <= LONGEST_BLOCK else "") for where, text in lines]
    root = outline(short)
    every = spoken(root)
    said = [one for one in every if len(one.text) <= LONGEST_SENTENCE]
    too_long = [Place(where, text[:80] + "...") for where, text in lines if len(text) > LONGEST_BLOCK]
    too_long += [Place(one.place.where, one.text[:80] + "...") for one in every if len(one.text) > LONGEST_SENTENCE]
    organisation, year = profile.name_and_year(root, ())
    read = _figures(root, organisation, year)
    if not organisation or year is None:
        organisation, year = profile.name_and_year(root, read.shares)
    found = events.find_events(root)
    told = claims.claims(said, _tables(root, read))
    city = profile.profile(said)
    made = tuple(programme.guidelines(root))
    return Report(
        name=name,
        organisation=organisation,
        year=year,
        as_of=city.as_of,
        status=city.status,
        basis=_labelled(root, _BASIS),
        definition=_labelled(root, _DEFINITION),
        population=city.population,
        district_count=city.district_count,
        district_names=city.district_names,
        shares=tuple(read.shares),
        rates=tuple(items.with_reasons(read.rates, said)),
        goals=told.goals,
        targets_set_on=items.targets_set_on(found.events, said, year),
        stated=tuple(stated(said)),
        increases=told.increases,
        trends=told.trends,
        spans=told.spans,
        remarks=told.remarks,
        core_items=items.core_choices(root, said, read.rates, read.item_shares, found.events),
        budgets=city.budgets,
        parts=(*city.parts, *read.parts),
        events=tuple(found.events),
        guidelines=made,
        tasks=tuple(programme.tasks(root, year, made)),
        promises=tuple(programme.promises(said)),
        members=programme.members(said),
        member_counts=tuple(programme.member_counts(said)),
        measures=tuple(programme.measures(said)),
        filings=tuple(programme.filings(said)),
        item_shares=tuple(read.item_shares),
        network_shares=tuple(read.network_shares),
        sections=tuple(_sections(root)),
        unread=(*too_long, *read.unread, *found.unread, *_aims_without_rates(root, told)),
    )


def _labelled(root: Node, label: re.Pattern[str]) -> str:
    """Return the words behind the first such label ('Basis: eligible purchases'), '' when there is none."""
    return next((value_of(node) for node in root.walk() if node.label and label.fullmatch(node.label)), "")


def _figures(root: Node, organisation: str, year: int | None) -> Figures:
    read, before, number = Figures.none(), list[Node](), 0
    for node in root.walk():
        if node.kind == "table":
            label, words, unit = figures.caption_of(before[-12:])
            number += 1
            near = next((years(above.text)[0] for above in node.trail() if len(set(years(above.text))) == 1), year)
            name = label or words or f"#{number}"
            figures.read_table(node, Setting(name, words, unit, organisation, near), read)
        before.append(node)
    return read


def _tables(root: Node, read: Figures) -> list[tuple[int, str]]:
    """Return (position, name) of the tables that gave shares."""
    lines = {part.place.where: row.table for row in read.shares for part in (row.total, row.green, row.share) if part}
    return [
        (node.order, lines[where])
        for node in root.walk()
        if node.kind == "table" and (where := next((row.where for row in node.rows if row.where in lines), ""))
    ]


def _sections(root: Node) -> list[Section]:
    return [
        Section(_NUMBERED.sub("", node.text), " ".join(_words(node)), Place(node.line, node.text))
        for node in root.walk()
        if node.kind == "heading"
    ]


def _words(node: Node) -> list[str]:
    return [
        " ".join(" ".join(filter(None, row.cells)) for row in below.rows) if below.kind == "table" else below.text
        for below in node.walk()
    ]


def _aims_without_rates(root: Node, told: claims.Claims) -> list[Place]:
    """Return the lines that are labelled as targets, hold a percentage and gave no aim."""
    read = {goal.place.where for goal in told.goals} | {increase.place.where for increase in told.increases}
    return [
        node.place()
        for node in root.walk()
        if node.kind != "heading" and claims.names_aims(node) and "%" in node.text and node.line not in read
    ]
