"""Which organisation and which year a command means, where people write names or nothing."""

from __future__ import annotations

from datetime import date

from chorok.core.errors import UsageError
from chorok.core.organisations import Tree
from chorok.ledger.figures import resolve
from chorok.ledger.naming import full_name

__all__ = ["full_name", "last_full_year", "scope_of"]


def scope_of(tree: Tree, written: str) -> str:
    """Return the code of an organisation by its code, name, or CITY/NAME. Raises UsageError when it is not one."""
    if not tree.rows:
        raise UsageError("organisations_none", organisation=written)
    city, slash, name = written.partition("/")
    code = resolve(tree, f"{resolve(tree, city) or city}/{name}" if slash else written)
    if code is None:
        fitting = tree.resolve(written, written).ambiguous
        if fitting:
            raise UsageError("organisation_ambiguous", organisation=written, fitting=", ".join(fitting))
        raise UsageError("organisation_unknown", organisation=written)
    return code


def last_full_year(today: date) -> int:
    """Return the last year that is over on a day."""
    return today.year - 1
