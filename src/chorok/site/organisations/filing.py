"""Lists of organisations as files: our own template, or the public table of administrative district codes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chorok.core import tree_changes
from chorok.core.errors import BadInputError
from chorok.core.organisations import Organisation
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.organisations import rows, services
from chorok.site.organisations.models import TreeChange, Verb
from chorok.sources import certificates, districts
from chorok.sources.districts import District, DistrictFile


@dataclass(frozen=True)
class Taken:
    """What a file gave: the change it would make (None: nothing), and what was left aside, as (code, parameters)."""

    change: TreeChange | None
    notes: list[tuple[str, dict[str, Any]]]


def take(actor: Actor, *, file: Path, parent: str, chosen: Iterable[str]) -> Taken:
    """Draft what a list brings: new organisations, and other rows for those that the tree has. None are removed.

    `parent` and `chosen` are for district codes: under whom the topmost go, and which of them. Raises BadInputError.
    """
    found = districts.read(file)
    if found:
        fresh, notes = _of_districts(found, parent, chosen)
    else:
        fresh, notes = _of_template(actor, file)
    now, _ = rows.read(site.ledger())
    codes = {row["code"] for row in fresh}
    sources = {row["code"]: row["source"] for row in now}
    fresh = [{**row, "source": sources.get(row["code"]) or row["source"]} for row in fresh]
    same = {code for code in codes if rows.of(now, [code]) == rows.of(fresh, [code])}
    before, after = rows.of(now, codes - same), rows.of(fresh, codes - same)
    if same:
        notes.append(("same", {"count": len(same)}))
    if not after:
        return Taken(None, notes)
    whole = [row for row in now if row["code"] not in codes] + [row for row in fresh if row["code"] in codes]
    for problem in tree_changes.new_problems(rows.organisations(now), rows.organisations(whole)):
        raise BadInputError("tree_unsound", problem=problem.code, code=problem.params["code"])
    change = services.keep_draft(actor, Verb.IMPORT, after[0]["code"], before, after, note=file.name)
    return Taken(change, notes)


def _of_template(actor: Actor, file: Path) -> tuple[list[rows.Row], list[tuple[str, dict[str, Any]]]]:
    with tempfile.TemporaryDirectory() as work:
        read = certificates.read(file, Path(work), read_on=actor.today)
    if "organisations" not in read.tables:
        raise BadInputError("tree_no_list", file=file.name)
    given = read.tables["organisations"].to_pylist()
    unknown = sorted({row["kind"] for row in given if row["kind"] and row["kind"] not in tree_changes.KINDS})
    if unknown:
        raise BadInputError("tree_kind_unknown", kind=", ".join(unknown))
    notes = [("rejected", {"count": read.account.rejected})] if read.account.rejected else []
    return [rows.plain(row) for row in given], notes


def _of_districts(
    found: DistrictFile, parent: str, chosen: Iterable[str]
) -> tuple[list[rows.Row], list[tuple[str, dict[str, Any]]]]:
    made = rows.rows_of((_organisation(one, parent) for one in found.under(chosen)), "districts")
    notes: list[tuple[str, dict[str, Any]]] = [("smaller", {"count": found.smaller}), ("gone", {"count": found.gone})]
    notes += [("bad_code", {"row": row, "value": value}) for row, value in found.bad[:20]]
    return made, notes


def _organisation(one: District, parent: str) -> Organisation:
    return Organisation(one.code, one.name, "", one.kind, one.parent or parent or None, one.begun, one.ended)
