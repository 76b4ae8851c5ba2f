"""Changes to the tree of organisations from a day on: create, rename, move, end, merge, split. History stays.

A change takes all rows of the tree and returns all of them anew. What held before the day is never touched, so that
figures of earlier years stay as they are; a change that was already entered for a later day stays as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from chorok.core.errors import BadInputError
from chorok.core.organisations import Organisation, Problem, Tree

Rows = tuple[Organisation, ...]
KINDS = ("network", "province", "city", "headquarters", "district", "department", "institution")


@dataclass(frozen=True)
class New:
    """An organisation that a change brings."""

    code: str
    name_ko: str
    name_en: str = ""
    kind: str = "institution"


def rows_of(tree: Tree) -> Rows:
    """Return all rows of a tree, by code and first day."""
    return tuple(row for rows in tree.rows.values() for row in rows)


def tree_of(rows: Iterable[Organisation]) -> Tree:
    """Return the tree of some rows."""
    return Tree.of(vars(row) for row in rows)


def create(rows: Rows, new: New, parent: str | None, on: date) -> Rows:
    """Bring a new organisation under a parent. Raises BadInputError for a code that is taken or unusable."""
    code = new.code.strip()
    if not code or any(letter.isspace() or letter in "/|," for letter in code):
        raise BadInputError("tree_code_bad", code=new.code)
    if any(row.code == code for row in rows):
        raise BadInputError("tree_code_taken", code=code)
    if not (new.name_ko.strip() or new.name_en.strip()):
        raise BadInputError("tree_name_missing", code=code)
    if new.kind not in KINDS:
        raise BadInputError("tree_kind_unknown", kind=new.kind)
    if parent is not None:
        _must_stand(rows, parent, on)
    made = Organisation(code, new.name_ko.strip(), new.name_en.strip(), new.kind, parent, on)
    return _sound(rows, (*rows, made))


def rename(rows: Rows, code: str, name_ko: str, name_en: str, on: date) -> Rows:
    """Give an organisation other names from a day on; files may go on using the old ones.

    Later rows that still have the old names get the new ones too.
    """
    if not (name_ko.strip() or name_en.strip()):
        raise BadInputError("tree_name_missing", code=code)
    now = _must_stand(rows, code, on)
    old = (now.name_ko, now.name_en)
    if old == (name_ko.strip(), name_en.strip()):
        raise BadInputError("tree_nothing_changes", code=code)

    def named(row: Organisation) -> Organisation:
        known = tuple(dict.fromkeys([*row.aliases, *(name for name in old if name)]))
        return replace(row, name_ko=name_ko.strip(), name_en=name_en.strip(), aliases=known)

    changed = _from_day(rows, code, on, named)
    later = (row.code == code and (row.valid_from or date.min) > on and (row.name_ko, row.name_en) == old
             for row in changed)  # fmt: skip
    return _sound(rows, tuple(named(row) if is_later else row for row, is_later in zip(changed, later, strict=True)))


def also_called(rows: Rows, names: Mapping[str, str]) -> Rows:
    """Let names (written in files -> code) mean organisations, at all times: a file may write any of them any day.

    Raises BadInputError tree_code_unknown, or tree_nothing_changes when each is known already.
    """
    for code in names.values():
        if all(row.code != code for row in rows):
            raise BadInputError("tree_code_unknown", code=code)

    def with_names(row: Organisation) -> Organisation:
        fresh = [name for name, code in names.items() if code == row.code]
        return replace(row, aliases=tuple(dict.fromkeys([*row.aliases, *fresh])))

    after = tuple(map(with_names, rows))
    if after == rows:
        raise BadInputError("tree_nothing_changes", code=", ".join(sorted(set(names.values()))))
    return _sound(rows, after)


def move(rows: Rows, code: str, parent: str | None, on: date) -> Rows:
    """Put an organisation, with all below it, under another parent from a day on, until its next change."""
    now = _must_stand(rows, code, on)
    if now.parent == parent:
        raise BadInputError("tree_nothing_changes", code=code)
    if parent is not None:
        _must_stand(rows, parent, on)
    return _sound(rows, _from_day(rows, code, on, lambda row: replace(row, parent=parent)))


def end(rows: Rows, code: str, on: date) -> Rows:
    """End an organisation: `on` is the first day on which it is no more. Its purchases stay where it last stood.

    Raises BadInputError tree_has_children while something below it goes on.
    """
    _must_stand(rows, code, on - timedelta(days=1))
    below = _children(rows, code, on)
    if below:
        raise BadInputError("tree_has_children", code=code, children=", ".join(below))
    return _sound(rows, _ended(rows, code, on))


def merge(rows: Rows, codes: Sequence[str], into: str, on: date) -> Rows:
    """Let organisations end in another that continues: what stands below them goes under it.

    Their own purchases stay theirs, so that no earlier figure moves.
    """
    gone = [code for code in dict.fromkeys(codes) if code != into]
    if not gone:
        raise BadInputError("tree_nothing_to_merge", code=into)
    _must_stand(rows, into, on)
    now = rows
    for code in gone:
        last = _must_stand(rows, code, on - timedelta(days=1))
        now = _ended(_rehung(now, code, into, on, last.parent), code, on)
    return _sound(rows, now)


def split(rows: Rows, code: str, parts: Sequence[New], on: date, *, ends: bool = True) -> Rows:
    """Let new organisations come out of one, under its parent; the old one ends unless `ends` is false.

    What stands below it goes under the first part when it ends.
    """
    if not parts:
        raise BadInputError("tree_nothing_to_split", code=code)
    parent = _must_stand(rows, code, on).parent
    now = rows
    for part in parts:
        now = create(now, part, parent, on)
    if not ends:
        return now
    _must_stand(rows, code, on - timedelta(days=1))
    return _sound(rows, _ended(_rehung(now, code, parts[0].code.strip(), on, parent), code, on))


def new_problems(before: Iterable[Organisation], after: Iterable[Organisation]) -> list[Problem]:
    """Return the slips that a change brings into a tree; those that were there before are nobody's new fault."""
    known = {_plain(problem) for problem in tree_of(before).check()}
    return [problem for problem in tree_of(after).check() if _plain(problem) not in known]


def _plain(problem: Problem) -> tuple[Any, ...]:
    return problem.code, *sorted(problem.params.items())


def _sound(before: Rows, after: Rows) -> Rows:
    """Return the rows in order. Raises BadInputError tree_unsound when the change brings a slip into the tree."""
    for problem in new_problems(before, after):
        raise BadInputError("tree_unsound", problem=problem.code, code=problem.params["code"])
    return tuple(sorted(after, key=lambda row: (row.code, row.valid_from or date.min)))


def _must_stand(rows: Rows, code: str, on: date) -> Organisation:
    """Return the row of an organisation that holds on a day. Raises BadInputError."""
    mine = [row for row in rows if row.code == code]
    if not mine:
        raise BadInputError("tree_code_unknown", code=code)
    holding = [row for row in mine if row.holds(on)]
    if not holding:
        raise BadInputError("tree_not_there", code=code, on=on)
    return holding[-1]


def _children(rows: Rows, code: str, on: date) -> list[str]:
    """Return the codes of what stands under an organisation on a day or later."""
    below = (row for row in rows if row.parent == code)
    return sorted({row.code for row in below if row.valid_until is None or row.valid_until > on})


def _rehung(rows: Rows, code: str, into: str, on: date, above: str | None) -> Rows:
    """Hang what stands under an organisation on a day or later under another; that one itself goes `above`."""
    found: list[Organisation] = []
    for row in rows:
        if row.parent != code or (row.valid_until is not None and row.valid_until <= on):
            found.append(row)
            continue
        hung = replace(row, parent=above if row.code == into else into)
        if (row.valid_from or date.min) >= on:
            found.append(hung)
        else:
            found += [replace(row, valid_until=on), replace(hung, valid_from=on)]
    return tuple(found)


def _from_day(rows: Rows, code: str, on: date, change: Callable[[Organisation], Organisation]) -> Rows:
    """Change the row that holds on a day from that day on; what held before keeps its own row."""
    found: list[Organisation] = []
    for row in rows:
        if row.code != code or not row.holds(on):
            found.append(row)
        elif row.valid_from == on:
            found.append(change(row))
        else:
            found += [replace(row, valid_until=on), change(replace(row, valid_from=on))]
    return tuple(found)


def _ended(rows: Rows, code: str, on: date) -> Rows:
    """End an organisation on a day; rows that would begin later never come to hold."""
    kept = [row for row in rows if row.code != code or (row.valid_from or date.min) < on]
    return tuple(
        replace(row, valid_until=on) if row.code == code and (row.valid_until is None or row.valid_until > on) else row
        for row in kept
    )
