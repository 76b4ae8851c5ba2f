"""The tree of organisations, dated: who belonged to whom, when. Names in files are resolved to codes here.

Every organisation has a place on every day: one that has ended, or not begun, keeps its last, or first, parent.
So purchases never fall out of a total when an organisation is moved or closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

CITY_KINDS = ("city", "province")
"""Kinds that are members of a network."""

_LIGHT = re.compile(r"[\s·ㆍ・.,\-_()\[\]'’]+")
_LONG = re.compile(r"(특별자치시|특별자치도|광역시|특별시)$")
_OFFICE = re.compile(r"(?<=[시도군구])청$|(office|cityhall|government)$")


@dataclass(frozen=True)
class Organisation:
    """One row of the tree: an organisation with its parent from `valid_from` until `valid_until` (exclusive).

    An organisation that moved has one row a stretch of time, all with the same code. None = always, still.
    """

    code: str
    name_ko: str
    name_en: str
    kind: str
    parent: str | None
    valid_from: date | None = None
    valid_until: date | None = None
    aliases: tuple[str, ...] = ()

    def holds(self, on: date) -> bool:
        """Tell whether the row holds on a day."""
        return (self.valid_from or date.min) <= on and (self.valid_until is None or on < self.valid_until)

    def names(self) -> Iterator[str]:
        """Yield the names it goes by, as written."""
        yield from (name for name in (self.name_ko, self.name_en, *self.aliases) if name)


@dataclass(frozen=True)
class Resolution:
    """What a written code or name stands for: a code, or several that fit equally well, or nothing (both empty)."""

    code: str | None
    ambiguous: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A slip in the tree, as a wording code (`organisation.<code>`) and its parameters."""

    code: str
    params: dict[str, str]


@dataclass(frozen=True)
class Tree:
    """All organisations, by code. Make it with `Tree.of`."""

    rows: Mapping[str, tuple[Organisation, ...]]
    _exact: Mapping[str, frozenset[str]] = field(repr=False, compare=False)
    _variants: Mapping[str, frozenset[str]] = field(repr=False, compare=False)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Tree:
        """Make the tree from rows as in the registry's table `organisations` (mappings of its columns)."""
        by_code: dict[str, list[Organisation]] = defaultdict(list)
        for row in rows:
            organisation = _organisation(row)
            by_code[organisation.code].append(organisation)
        ordered = {code: tuple(sorted(found, key=_begin)) for code, found in sorted(by_code.items())}
        plain = cls(ordered, {}, {})
        return cls(ordered, _index(plain, _exact_keys), _index(plain, _variant_keys))

    def codes(self) -> tuple[str, ...]:
        """Return all codes, in order."""
        return tuple(self.rows)

    def get(self, code: str, on: date | None = None) -> Organisation | None:
        """Return the row of an organisation on a day (None: its last), or None for an unknown code."""
        placed = self._placement(code, on)
        return placed[-1] if placed else None

    def valid_on(self, code: str, on: date) -> bool:
        """Tell whether the organisation existed on a day."""
        return any(row.holds(on) for row in self.rows.get(code, ()))

    def resolve(self, code: str | None, name: str | None, scope: str | None = None) -> Resolution:
        """Find the organisation a file means: by its code, else by a name within the scope's subtree.

        Names fit in Korean and English, by alias, with the city in front or behind ('부산광역시 서구', 'Seo-gu,
        Busan') and as an office ('서구청'). A name as it stands in the tree goes before a variant of one. Two
        organisations that fit equally are both listed and none is chosen.
        """
        for written in (code, name):
            if written and written.strip() in self.rows:
                return Resolution(written.strip())
        key = _key(name or "")
        allowed = self.subtree(scope) if scope else None
        for index in (self._exact, self._variants):
            found = index.get(key, frozenset())
            fitting = sorted(found if allowed is None else found & allowed)
            if fitting:
                return Resolution(fitting[0]) if len(fitting) == 1 else Resolution(None, tuple(fitting))
        return Resolution(None)

    def parents(self, code: str, on: date | None = None) -> set[str]:
        """Return the parents on a day (None: of all times). More than one is a slip that `check` lists."""
        rows = self.rows.get(code, ()) if on is None else self._placement(code, on)
        return {row.parent for row in rows if row.parent and row.parent in self.rows}

    def children(self, on: date | None = None) -> dict[str, set[str]]:
        """Return parent -> children on a day (None: of all times)."""
        below: dict[str, set[str]] = defaultdict(set)
        for code in self.rows:
            for parent in self.parents(code, on):
                below[parent].add(code)
        return below

    def subtree(self, code: str, on: date | None = None) -> set[str]:
        """Return an organisation and all below it on a day, each once even if reached by two paths or in a loop.

        With None everything that was ever below it: right for finding names, wrong for adding up money.
        """
        if code not in self.rows:
            return set()
        below = self.children(on)
        return set(_walk(code, lambda at: below.get(at, set())))

    def ancestors(self, code: str, on: date | None = None) -> list[str]:
        """Return all above an organisation, nearest first, each once."""
        return list(_walk(code, lambda at: self.parents(at, on)))[1:]

    def city_of(self, code: str, on: date | None = None) -> str | None:
        """Return the nearest of itself and those above that is a city or province; None when there is none."""
        return self.nearest(code, CITY_KINDS, on)

    def nearest(self, code: str, kinds: tuple[str, ...], on: date | None = None) -> str | None:
        """Return the nearest of itself and those above that is of one of the kinds; None when there is none."""
        for at in _walk(code, lambda step: self.parents(step, on)):
            row = self.get(at, on)
            if row and row.kind in kinds:
                return at
        return None

    def change_dates(self) -> list[date]:
        """Return every date on which a row begins or ends, in order: between two of them the tree stands still."""
        dates = {day for row in self._all() for day in (row.valid_from, row.valid_until)}
        return sorted(day for day in dates if day)

    def check(self) -> list[Problem]:
        """Return the slips of the tree: unknown parents, loops, two parents on one day, empty or overlapping times."""
        return [*self._row_problems(), *self._overlaps(), *self._day_problems()]

    def _all(self) -> Iterator[Organisation]:
        for rows in self.rows.values():
            yield from rows

    def _placement(self, code: str, on: date | None) -> tuple[Organisation, ...]:
        """Return the rows that hold on a day; failing that the last one before, failing that the first one after."""
        rows = self.rows.get(code, ())
        if on is None:
            return rows[-1:]
        holding = tuple(row for row in rows if row.holds(on))
        before = tuple(row for row in rows if (row.valid_from or date.min) <= on)
        return holding or before[-1:] or rows[:1]

    def _row_problems(self) -> Iterator[Problem]:
        for row in self._all():
            if row.parent and row.parent not in self.rows:
                yield Problem("parent_unknown", {"code": row.code, "parent": row.parent})
            if row.valid_from and row.valid_until and row.valid_until <= row.valid_from:
                days = {"valid_from": str(row.valid_from), "valid_until": str(row.valid_until)}
                yield Problem("dates_swapped", {"code": row.code, **days})

    def _overlaps(self) -> Iterator[Problem]:
        for code, rows in self.rows.items():
            for earlier, later in pairwise(rows):
                if earlier.holds(later.valid_from or date.min):
                    yield Problem("rows_overlap", {"code": code, "on": str(later.valid_from or "-")})

    def _day_problems(self) -> Iterator[Problem]:
        told = set()
        for day in (date.min, *self.change_dates()):
            for code in self.rows:
                parents = sorted(self.parents(code, day))
                found = [("two_parents", ", ".join(parents))] if len(parents) > 1 else []
                found += [("loop", code)] if self._in_loop(code, day) else []
                for kind, what in found:
                    if (kind, code) not in told:
                        told.add((kind, code))
                        yield Problem(kind, {"code": code, "on": "-" if day == date.min else str(day), "what": what})

    def _in_loop(self, code: str, on: date) -> bool:
        return any(code in self.parents(at, on) for at in _walk(code, lambda step: self.parents(step, on)))


def _walk(start: str, steps: Any) -> Iterator[str]:
    """Yield what can be reached from `start`, itself first, breadth first, each once, in a fixed order."""
    seen, waiting = {start}, deque([start])
    while waiting:
        at = waiting.popleft()
        yield at
        for following in sorted(steps(at) - seen):
            seen.add(following)
            waiting.append(following)


def _organisation(row: Mapping[str, Any]) -> Organisation:
    return Organisation(
        code=str(row["code"]).strip(),
        name_ko=(row.get("name_ko") or "").strip(),
        name_en=(row.get("name_en") or "").strip(),
        kind=(row.get("kind") or "institution").strip(),
        parent=(row.get("parent") or "").strip() or None,
        valid_from=row.get("valid_from"),
        valid_until=row.get("valid_until"),
        aliases=tuple(row.get("aliases") or ()),
    )


def _begin(row: Organisation) -> tuple[date, date, str]:
    return row.valid_from or date.min, row.valid_until or date.max, row.parent or ""


def _key(name: str) -> str:
    return _LIGHT.sub("", unicodedata.normalize("NFKC", name).casefold())


def _index(tree: Tree, keys: Any) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code in tree.rows:
        for key in keys(tree, code) - {""}:
            found[key].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _exact_keys(tree: Tree, code: str) -> set[str]:
    return {_key(name) for row in tree.rows[code] for name in row.names()}


def _short_keys(tree: Tree, code: str) -> set[str]:
    """Return the names with and without '청' and 'Office', and for cities also '부산', '부산시'."""
    own = _exact_keys(tree, code)
    own |= {_OFFICE.sub("", key) for key in own}
    own |= {key + "청" for key in own if key.endswith(("시", "도", "군", "구"))}
    for key in [key for key in own if _LONG.search(key)]:
        short, last = _LONG.sub("", key), key[-1]  # 부산광역시 -> 부산, 부산시; 제주특별자치도 -> 제주, 제주도
        own |= {short, short + last, short + last + "청"}
    return own


def _variant_keys(tree: Tree, code: str) -> set[str]:
    """Return every way to write it: short forms, and each with the names of a city or district around it."""
    own = _short_keys(tree, code)
    above = [at for at in tree.ancestors(code) if (row := tree.get(at)) and row.kind in (*CITY_KINDS, "district")]
    around = {key for at in above for key in _short_keys(tree, at)} - {""}
    bare = {key.removeprefix(outer) for key in own for outer in around if key.startswith(outer)} - {""}
    whole = own | bare
    return (
        whole | {outer + key for outer in around for key in whole} | {key + outer for outer in around for key in whole}
    )
