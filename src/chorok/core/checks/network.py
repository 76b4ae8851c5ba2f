"""Several reports of one network together: names, sums, bases, status, shared text. A single report may do too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from chorok.core.checks.readings import Interval, distinct, key, meet, number, own_rows, words
from chorok.core.checks.report import Report, Section, ShareRow
from chorok.core.checks.results import Given, Outcome, Word, at, finding, fine
from chorok.core.checks.rules import Rule
from chorok.core.money import rounding_interval


def names_told_apart(reports: Sequence[Report], rule: Rule) -> Iterator[Outcome]:
    """Look for district names that two cities have and that head figures: added up by name they would mix."""
    for report in reports:
        for name, times in Counter(map(key, report.district_names)).items():
            if times > 1:
                twice = next(one for one in report.district_names if key(one) == name)
                yield finding("name_twice", (report.organisation, twice), (), name=twice, times=times)
    cities: dict[str, dict[str, Report]] = defaultdict(dict)
    shown: dict[str, str] = {}
    for report in reports:
        for name in (*report.district_names, *(name for event in report.events for name in event.districts)):
            cities[key(name)].setdefault(key(report.organisation), report)
            shown.setdefault(key(name), name)
    for name, owners in cities.items():
        if len(owners) > 1:
            yield _homonym(shown[name], list(owners.values()))


def _homonym(name: str, owners: list[Report]) -> Outcome:
    rows = [(report, row) for report in owners for row in report.shares if key(row.organisation) == key(name)]
    stands = [at(report, row.share.place) for report, row in rows if row.share]
    if not rows:
        return fine((name,), stands)
    return finding("name_shared", (name,), stands, name=name, cities=[report.organisation for report in owners])


def network_share(reports: Sequence[Report], rule: Rule) -> Iterator[Outcome]:
    """Recompute a network's share from its members' amounts; the mean of their shares is another number."""
    seen: set[tuple[int, str]] = set()
    for report in reports:
        for row in report.network_shares:
            parts = _members(report, row, reports)
            known = (row.year, row.share.text if row.share else "")
            if row.share and row.item is None and parts and known not in seen:
                seen.add(known)
                yield from _weighed(report, row, parts)


def _members(report: Report, row: ShareRow, reports: Sequence[Report]) -> list[ShareRow]:
    """Rows of the members of a network: those of its own table, else each city's own, else those of one other table."""
    whole = [one for one in report.shares if one.item is None]
    tables = [[one for one in whole if key(one.table) == table] for table in distinct(key(o.table) for o in whole)]
    own = [one for city in reports for one in own_rows(city).values()]
    groups = [[one for one in whole if key(one.table) == key(row.table)], own, *tables]
    return next((found for group in groups if len(found := _fitting(group, row)) > 1), [])


def _fitting(group: Sequence[ShareRow], row: ShareRow) -> list[ShareRow]:
    """Rows of the network row's year and unit that have all three figures, each organisation once."""
    found: dict[str, ShareRow] = {}
    for one in group:
        if one.total and one.green and one.share and (one.year, one.unit) == (row.year, row.unit):
            found.setdefault(key(one.organisation), one)
    return list(found.values())


def _weighed(report: Report, row: ShareRow, parts: list[ShareRow]) -> Iterator[Outcome]:
    assert row.share is not None
    printed = rounding_interval(row.share.text)
    greens, totals = _sum(one.green.text for one in parts if one.green), _sum(o.total.text for o in parts if o.total)
    weighted = greens[0] / totals[1] * 100, greens[1] / totals[0] * 100
    shares = _sum(one.share.text for one in parts if one.share)
    mean = shares[0] / len(parts), shares[1] / len(parts)
    subject, stands = (row.year,), (at(report, row.share.place),)
    if meet(printed, weighted):
        yield fine(subject, stands)
        return
    complete = row.total is not None and meet(rounding_interval(row.total.text), totals)
    if not meet(printed, mean) and not complete:
        return
    said: dict[str, Given] = {"year": row.year, "share": row.share.text, "members": [one.organisation for one in parts]}
    middles = {"weighted": number((weighted[0] + weighted[1]) / 2), "mean": number((mean[0] + mean[1]) / 2)}
    yield finding("network_mean" if meet(printed, mean) else "network_share_wrong", subject, stands, **said, **middles)


def _sum(texts: Iterator[str]) -> Interval:
    bounds = [rounding_interval(text) for text in texts]
    return sum((low for low, _ in bounds), Fraction(0)), sum((high for _, high in bounds), Fraction(0))


def same_basis(reports: Sequence[Report], rule: Rule) -> Iterator[Outcome]:
    """Ask that shares that stand side by side have one denominator and definition, and those of one year one status."""
    cities = [report for report in reports if own_rows(report)]
    one_year = len({report.year for report in cities}) == 1
    for name in ("basis", "definition", "status") if one_year else ("basis", "definition"):
        stated = [(report.organisation or report.name, str(getattr(report, name))) for report in cities]
        if len(cities) < 2 or not any(value for _, value in stated):
            continue
        what = Word(f"what_{name}")
        if len({key(value) for _, value in stated}) == 1:
            yield fine((what,), ())
        else:
            shown = [f"{who} ({value or '–'})" for who, value in stated]
            yield finding("bases_differ", (what,), (), what=what, stated=shown)


def final_stays(reports: Sequence[Report], rule: Rule) -> Iterator[Outcome]:
    """Compare what several reports of one organisation say of one year, when both call it final."""
    final = [report for report in reports if report.status == "final"]
    for one, other in combinations(final, 2):
        if key(one.organisation) != key(other.organisation):
            continue
        mine, theirs = own_rows(one), own_rows(other)
        for year in sorted(mine.keys() & theirs.keys()):
            yield from _stays(one, mine[year], other, theirs[year])


def _stays(one: Report, mine: ShareRow, other: Report, theirs: ShareRow) -> Iterator[Outcome]:
    if mine.share and theirs.share:
        subject = (one.organisation, mine.year)
        stands = (at(one, mine.share.place), at(other, theirs.share.place))
        if meet(rounding_interval(mine.share.text), rounding_interval(theirs.share.text)):
            yield fine(subject, stands)
        else:
            said: dict[str, Given] = {
                "who": one.organisation,
                "year": mine.year,
                "one": mine.share.text,
                "other": theirs.share.text,
            }
            yield finding("final_changed", subject, stands, **said)


def shared_text(reports: Sequence[Report], rule: Rule) -> Iterator[Outcome]:
    """Compare sections of one heading that several reports have nearly alike: they are meant to be one text."""
    for one, other in combinations(reports, 2):
        if key(one.organisation) == key(other.organisation):
            continue
        theirs = {key(section.heading): section for section in other.sections}
        for section in one.sections:
            twin = theirs.get(key(section.heading))
            if twin and not (_own(section, one, other) and _own(twin, other, one)):
                yield from _compared(one, section, other, twin, rule)


def _own(section: Section, mine: Report, other: Report) -> bool:
    """Tell whether a section speaks of its own city alone, by the part of the name that the other's lacks."""
    return key(_short(mine, other)) in key(section.text) and key(_short(other, mine)) not in key(section.text)


def _short(mine: Report, other: Report) -> str:
    """The name without its last letters that the other's name has as well: 'Haneul' of 'Haneul City'."""
    name, length = mine.organisation, 0
    while length < min(len(name), len(other.organisation)) - 1 and name[-length - 1] == other.organisation[-length - 1]:
        length += 1
    return name[: len(name) - length] if len(name) - length > 1 else name


def _compared(one: Report, section: Section, other: Report, twin: Section, rule: Rule) -> Iterator[Outcome]:
    mine, theirs = Counter(words(section.text)), Counter(words(twin.text))
    shorter, longer = sorted((mine.total(), theirs.total()))
    if (
        shorter < rule.numbers["at_least_words"]
        or (mine & theirs).total() * 100 < longer * rule.numbers["alike_percent"]
    ):
        return
    subject, stands = (section.heading,), (at(one, section.place), at(other, twin.place))
    if words(section.text) == words(twin.text):
        yield fine(subject, stands)
        return
    only = [distinct((a - b).elements()) for a, b in ((mine, theirs), (theirs, mine))]
    said: dict[str, Given] = {"heading": section.heading, "one": one.name, "other": other.name}
    yield finding("shared_text_differs", subject, stands, **said, one_only=only[0], other_only=only[1])
