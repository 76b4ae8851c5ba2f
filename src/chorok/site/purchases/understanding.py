"""What was understood of a file, as the page shows it, and the profile that a person's corrections make."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from chorok.core.errors import BadInputError, ChorokError
from chorok.core.money import decimals_of
from chorok.ledger import batches
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site
from chorok.site.purchases import wishes
from chorok.site.purchases.models import Mapping as Saved
from chorok.site.purchases.models import Upload
from chorok.sources import headers, preview, profiles, units
from chorok.sources.intake import signature
from chorok.sources.preview import Part, Seen
from chorok.sources.understanding import FIELDS, Profile, RawTable, Understanding

SAMPLES = 3
"""Values shown of each column."""

SHOWN = 200
"""Organisations shown of a file; more are counted."""


def look(ledger: Ledger, upload: Upload, reach: frozenset[str]) -> dict[str, Any]:
    """Look at a file and return what the page says of it (JSON). Raises BadInputError when it cannot be opened."""
    work = upload.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    try:
        seen = preview.look(ledger, upload.file, work, wishes.wish_of(upload), wishes.saved_for(upload))
        _hold(upload, seen)
        return _told(ledger, upload, seen, reach)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _hold(upload: Upload, seen: Sequence[Seen]) -> None:
    """Hold on to the saved mappings that were found: what is taken in is what was looked at, whoever changes them."""
    found = {one.table.name: one.profile for one in seen if one.saved and one.profile}
    held = {name: {"profile": profiles.text_of(profile), "saved": True} for name, profile in found.items()}
    upload.said = {**upload.said, "tables": {**upload.said.get("tables", {}), **held}}


def _told(ledger: Ledger, upload: Upload, seen: list[Seen], reach: frozenset[str]) -> dict[str, Any]:
    mends = next((one.mends for one in seen if one.mends), None)
    source = mends.source if mends else upload.source or source_of(upload, seen)
    stretches = preview.covered(ledger, source, seen) if not mends else []
    return {
        "source": source,
        "mends": mends.id if mends else "",
        "already": _already(ledger, upload),
        "tables": [_table(one, _is_saved(upload, one)) for one in seen],
        "organisations": _organisations([part for one in seen for part in one.accepted], reach),
        "covered": [asdict(one) for one in stretches],
    }


def source_of(upload: Upload, seen: Sequence[Seen]) -> str:
    """Return the name of a file's source: what saved mapping or built-in profile says, else its headers.

    Two cities may have files of the same headers whose numbers mean different purchases: all but sources that
    number their lines for the whole country carry the city's code in front.
    """
    known = next((one for one in seen if one.understanding), seen[0])
    if known.saved and known.profile:
        saved = Saved.objects.filter(name=known.profile.name).exclude(source="").order_by("pk")
        if found := saved.filter(organisation__in=[upload.organisation, *site.tree().ancestors(upload.organisation)]):
            return found[0].source
    if known.profile and known.profile in profiles.known():
        return known.profile.name
    city = site.tree().city_of(upload.organisation) or upload.organisation
    return f"{city}/{signature(known.table)}"


def _already(ledger: Ledger, upload: Upload) -> str:
    """Return the batch of the same file, for the same organisation, that is in the ledger already."""
    same = [one for one in batches.every(ledger) if one.sha256 == upload.sha256 and one.state == "posted"]
    mine = [one for one in same if one.organisation in (None, upload.organisation)]
    return mine[0].id if mine else ""


def _is_saved(upload: Upload, seen: Seen) -> bool:
    return bool(upload.said.get("tables", {}).get(seen.table.name, {}).get("saved"))


def _table(seen: Seen, saved: bool) -> dict[str, Any]:
    table, understanding = seen.table, seen.understanding
    told: dict[str, Any] = {
        "name": table.name,
        "encoding": table.encoding,
        "header_row": table.skip if table.format == "csv" else None,
        "preamble": list(table.preamble[:5]),
        "unit_notes": [list(note) for note in table.unit_notes],
        "columns": list(table.columns),
        "samples": [_samples(table, place) for place in range(len(table.columns))],
        "left_out": seen.left_out,
        "profile": seen.profile.name if seen.profile else "",
        "saved": saved,
        "mends": seen.mends is not None,
        "notes": [[code, params] for code, params in table.notes],
    }
    if seen.error:
        told["error"] = error_record(seen.error)
    if understanding:
        lines = sum(part.lines for part in seen.accepted)
        rejected = {reason: [tally.lines, tally.amount] for reason, tally in seen.rejected.items()}
        told |= {
            "understanding": {**asdict(understanding), "notes": [], "unmapped": list(understanding.unmapped)},
            "notes": [[code, params] for code, params in understanding.notes],
            "accepted": [lines, sum(part.amount for part in seen.accepted)],
            "rejected": rejected,
            "aside": seen.aside,
            "since": min((part.since for part in seen.accepted), default=""),
            "until": max((part.until for part in seen.accepted), default=""),
            "unit_differs": saved and _unit_differs(table, understanding),
        }
    return told


def error_record(error: ChorokError) -> dict[str, Any]:
    """Return an error as JSON: its code and what fills its blanks."""
    return {"code": error.code, "params": {name: str(value) for name, value in error.params.items()}}


def _samples(table: RawTable, place: int) -> list[str]:
    """Return some values of a column; none of one that names a person: it is not read, so it is not kept either."""
    if headers.is_private(table.columns[place]):
        return []
    cells = dict.fromkeys((row[place] or "").strip() for row in table.sample if place < len(row))
    return [cell for cell in cells if cell][:SAMPLES]


def _unit_differs(table: RawTable, understanding: Understanding) -> bool:
    """Tell whether a note of this file names another unit than the saved mapping has: this month in won, say."""
    column = understanding.columns.get("amount") or understanding.columns.get("amount_delta", "")
    notes = [*(note for _, note in table.unit_notes), *units.notes_in(column)]
    factors = {unit.factor * 10**understanding.decimals for note in notes if (unit := units.parse(note))}
    return bool(factors - {understanding.multiplier})


def _organisations(parts: Sequence[Part], reach: frozenset[str]) -> dict[str, Any]:
    """Return the organisations of a file by how they stand to who asks, largest first."""
    tree, sums = site.tree(), dict[str | None, list[int]]()
    for part in parts:
        known = sums.setdefault(part.organisation, [0, 0])
        known[0] += part.lines
        known[1] += part.amount
    ordered = sorted(sums, key=lambda name: (-sums[name][0], name or ""))
    rows = [[name, wishes.standing(tree, reach, name), *sums[name]] for name in ordered]
    return {
        "count": len(rows),
        "unknown": [row for row in rows if row[1] == "unknown"][:SHOWN],
        "beyond": [row for row in rows if row[1] == "beyond"][:SHOWN],
        "own": [row for row in rows if row[1] == "own"][:SHOWN],
    }


def profile_from(table: Mapping[str, Any], given: Mapping[str, Any], name: str, organisation: str) -> Profile:
    """Return the profile that a person's corrections make of a table: exactly what was said and nothing guessed.

    `given`: `columns` (field -> column), `factor`, `currency`, `date_order`, `change_orders`, `kind`, `vat`. Raises
    BadInputError mapping_twice, no_amount_column, no_date_column.
    """
    before = table["understanding"]
    columns = {field: given["columns"][field] for field in FIELDS if field in given["columns"]}
    listed = ", ".join(table["columns"])
    if not {"amount", "amount_delta"} & set(columns):
        raise BadInputError("no_amount_column", file=table["name"], columns=listed)
    if not any(field.endswith("_date") for field in columns):
        raise BadInputError("no_date_column", file=table["name"], columns=listed)
    decimals = decimals_of(given["currency"])
    understanding = replace(
        Understanding(columns),
        date_order=given["date_order"],
        date_order_evidence="profile",
        multiplier=int(given["factor"]) * 10**decimals,
        currency=given["currency"],
        decimals=decimals,
        decimal_comma=before["decimal_comma"],
        change_orders=given["change_orders"],
        kind=given["kind"],
        organisation=organisation,
        unit_note=before["unit_note"],
        vat=given["vat"],
    )
    mapped = set(columns.values())
    ignored = tuple(column for column in table["columns"] if column not in mapped)
    matches = tuple(column for column in table["columns"] if column in mapped)
    return Profile(name, 1, understanding, matches=matches, ignored=ignored)
