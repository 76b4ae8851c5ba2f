"""Reads of one product, certificate or supplier: all that the registry says of it, and since when it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chorok.core import definitions
from chorok.ledger import snapshots
from chorok.ledger.catalogue import Wanted
from chorok.ledger.registry import Registry
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as ledgers
from chorok.site.registry.selectors import PAGE, Known, homes, lies_in

Row = dict[str, Any]

THEN = ("status", "valid_from", "valid_until", "revoked_on", "source")
"""What an earlier version of the registry is compared by."""
VERSIONS = 12
"""Versions of the registry that a history looks back."""


@dataclass(frozen=True)
class Bar:
    """A certificate's validity as part of the shown years, in thousandths of their width."""

    left: int
    width: int
    row: Row


@dataclass(frozen=True)
class Chart:
    """Bars, the years with their places, and the place of today."""

    bars: list[Bar]
    years: list[tuple[int, int]]
    today: int


def certified(actor: Actor, known: Known, kind: str, key: str) -> list[Row]:
    """Return all rows of a product or certificate with what they say today, newest validity first."""
    rows = known.shown(actor, known.catalogue.having(kind, key))
    rows = known.titled(rows)
    counting = definitions.load("national")
    for row in rows:
        basis = row["basis"]
        row["counts"] = bool(basis) and basis in counting.basis_names() and counting.counts(basis, actor.today)
    return sorted(rows, key=lambda row: (row["valid_until"] or date.min, row["valid_from"] or date.min), reverse=True)


def chart(rows: Iterable[Row], day: date) -> Chart | None:
    """Return the validity of certificates as bars, one for equal ones; None without any dates."""
    dated = [row for row in rows if not row["read_on"] and row["begins"] and row["begins"] < row["ends"]]
    spans = {(row["basis"], row["certificate_no"], row["begins"], row["ends"]): row for row in dated}
    if not spans:
        return None
    first = date(min(day, *(row["begins"] for row in dated)).year, 1, 1)
    last = max(min(row["ends"], date(day.year + 5, 1, 1)) for row in dated)
    after = date(max(last, day).year + 1, 1, 1)
    whole = (after - first).days

    def at(when: date) -> int:
        return max(0, min(1000, (when - first).days * 1000 // whole))

    bars = [Bar(at(row["begins"]), max(2, at(row["ends"]) - at(row["begins"])), row) for row in spans.values()]
    return Chart(bars, [(at(date(year, 1, 1)), year) for year in range(first.year, after.year)], at(day))


def offers(known: Known, actor: Actor, product_id: str | None) -> list[Row]:
    """Return the offers of the mall for an identification number."""
    if not product_id:
        return []
    found = known.registry.find("offers", "product_id", product_id).to_pylist()
    near = homes(actor)
    return [{**row, "near": bool(row["head_office"]) and lies_in(row["head_office"], near)} for row in found]


def history(column: str, value: str | None) -> list[Row]:
    """Return what earlier published registries said: one row a version in which something was another, newest first."""
    if not value:
        return []
    ledger, found = ledgers.ledger(), []
    seen = object()
    for snapshot in _versions(snapshots.every(ledger)):
        rows = Registry.open(ledger.path, snapshot.registry).find("certificates", column, value).to_pylist()
        said = sorted([tuple(row[name] for name in THEN) for row in rows], key=str)
        if said != seen:
            found.append({"published_at": snapshot.published_at, "snapshot": snapshot.number, "rows": rows})
        seen = said
    return found[::-1] if len(found) > 1 else []


def _versions(every: list[snapshots.Snapshot]) -> list[snapshots.Snapshot]:
    """Return the first snapshot of each of the last versions of the certificates, oldest first."""
    firsts: dict[int, snapshots.Snapshot] = {}
    for snapshot in every:
        firsts.setdefault(snapshot.registry.get("certificates", -1), snapshot)
    return list(firsts.values())[-VERSIONS:]


def supplier(actor: Actor, known: Known, key: str, page: int, size: int = PAGE) -> Row | None:
    """Return a supplier: names, place of business, certified products page by page; None when there is none."""
    hits = known.catalogue.search(Wanted(keys=(("supplier", key),)), actor.today, start=(page - 1) * size, limit=size)
    first = hits.rows or known.catalogue.having("supplier", key)[:1]
    if not first:
        return None
    every = known.catalogue.having("supplier", key)
    row = first[0]
    return {
        "key": key,
        "number": row["supplier_no"],
        "names": list(dict.fromkeys(one["supplier_name"] for one in every if one["supplier_name"])),
        "seat": row["seat"],
        "near": bool(row["seat"]) and lies_in(row["seat"], homes(actor)),
        "certified": known.catalogue.search(
            Wanted(keys=(("supplier", key),), valid_only=True), actor.today, limit=0
        ).total,
        "hits": hits,
        "rows": known.titled(known.shown(actor, hits.rows)),
        "registered": _registered(known, row),
    }


def _registered(known: Known, row: Mapping[str, Any]) -> list[Row]:
    """Return what the list of suppliers says."""
    if not row["supplier_no"]:
        return []
    found: list[Row] = known.registry.find("suppliers", "supplier_no", row["supplier_no"]).to_pylist()
    return found
