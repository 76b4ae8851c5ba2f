"""What typed products are on a day: matched as an import matches them, with nothing written and no engine asked."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable

from chorok.core.definitions import Definition
from chorok.core.matching.judgement import Certificate, Decided, Judge, Keys, Verdict, by_keys, spans
from chorok.core.matching.text import normalise_certificate_no
from chorok.ledger import decisions, learning
from chorok.ledger.asked import Asked, product_key
from chorok.ledger.listed import Listed
from chorok.ledger.lookup import Found, Lookup
from chorok.ledger.publishing import derived
from chorok.ledger.registry import Registry
from chorok.ledger.remembered import Remembered
from chorok.ledger.schema import PRODUCT_COLUMNS
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.stock import Stock
from chorok.ledger.store import Ledger

MOST = 20_000
"""Products whose identity is remembered at most, some 10 MB."""


@dataclass(frozen=True)
class Identity:
    """What matching says of a product on the day: its state in the timeline, its group, detailed item, certificates."""

    state: str
    method: str | None
    item_group: str | None
    detail_code: str | None
    until: date | None
    certificates: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What products are matched against: the registry, decisions and model of a snapshot (None: none is published).

    All that it reads is read once, for any number of requests; threads may share it.
    """

    ledger: Ledger
    registry: Registry
    snapshot: Snapshot | None
    definition: Definition

    @functools.cached_property
    def lookup(self) -> Lookup:
        """The certificates, the text index and the model."""
        model = learning.model(self.ledger, self.snapshot.model) if self.snapshot else None
        # Where they are still to be laid out they are read whole, by a registry that is let go of again.
        return Lookup.open(self.ledger, Registry.open(self.ledger.path, self.registry.versions), model)

    @property
    def listed(self) -> Listed:
        """The certificates."""
        return self.lookup.listed

    @functools.cached_property
    def stock(self) -> Stock:
        """What is certified and supplied by item, and detailed items."""
        return Stock.of(self.ledger, self.registry, self.listed, self.products())

    @functools.cached_property
    def known(self) -> Remembered:
        """What products were found to be, by (day, product key): a request is screened when written, and handed in."""
        return Remembered(MOST)

    @functools.cached_property
    def judge(self) -> Judge:
        """The definition."""
        return Judge.of(self.definition)

    @functools.cached_property
    def version(self) -> str:
        """The definition by id and hash, as decisions name it."""
        return f"{self.definition.id}@{self.definition.hash()[:12]}"

    @functools.cached_property
    def codes(self) -> dict[str | None, str]:
        """Item groups by class or detail code."""
        return {row["code"]: row["item_group"] for row in self.registry.codes().to_pylist()}

    @functools.cached_property
    def standards(self) -> dict[str, tuple[date | None, date | None]]:
        """Since when and until when (exclusive) each item group has a green standard."""
        groups = self.registry.item_groups().to_pylist()
        return {row["code"]: (row["standard_from"], row["standard_until"]) for row in groups}

    @functools.cached_property
    def decided(self) -> _Decisions:
        """What people decided."""
        return _Decisions(decisions.read(self.ledger, self.snapshot.decisions if self.snapshot else None))

    @functools.cached_property
    def written(self) -> date | None:
        """The day on which certificates were last written, None when there are none."""
        version = self.registry.versions.get("certificates")
        if version is None or not self.listed.rows.num_rows:
            return None
        table = DeltaTable(str(self.ledger.path / "registry" / "certificates"))
        commits = table.history()  # the newest first, whatever version was opened
        return datetime.fromtimestamp(commits[table.version() - version]["timestamp"] / 1000, UTC).date()

    def products(self) -> Path | None:
        """Return the file of products that were bought so far, which name detailed items too."""
        return derived(self.ledger, self.snapshot) / "products.parquet" if self.snapshot else None

    def warm(self) -> None:
        """Read all that questions need, laying out what is not there yet, so that the first one is as fast as any."""
        _ = self.stock, self.judge, self.version, self.codes, self.standards, self.decided, self.written


class _Decisions:
    """People's decisions by product key."""

    def __init__(self, rows: pa.Table) -> None:
        keys = rows["product_key"].to_numpy()
        order = np.argsort(keys, kind="stable")
        self._keys, self._rows = keys[order], rows.take(pa.array(order)).combine_chunks()

    def of(self, key: int) -> Decided | None:
        """Return what was decided about a product."""
        at = int(np.searchsorted(self._keys, key))
        if at == len(self._keys) or self._keys[at] != key:
            return None
        (row,) = self._rows.slice(at, 1).select(Decided._fields).to_pylist()
        return Decided(**row)


def identify(source: Source, asked: Sequence[Asked], day: date) -> list[Identity]:
    """Match typed products as an import would, and read their state on a day, in order."""
    keys = [product_key(one) for one in asked]
    known = {key: found for key in keys if (found := source.known.answer((day, key))) is not None}
    products = {key: _Product.of(source, key, one) for key, one in zip(keys, asked, strict=True) if key not in known}
    first = {key: _by_keys(source, one) for key, one in products.items()}
    unread = [one.row(first[key]) for key, one in products.items() if first[key].state is None]
    read = {found.product_key: found for found in (source.lookup.find(unread, evidence=False) if unread else [])}
    for key, one in products.items():
        known[key] = _standing(source, one, first[key], read.get(key), day)
        source.known.keep((day, key), known[key], 1)
    return [known[key] for key in keys]


@dataclass(frozen=True)
class _Product:
    """A typed product: its key, what was typed, what was decided, and the certificates of its number."""

    product_key: int
    asked: Asked
    decided: Decided | None
    hits: tuple[int, ...]

    @classmethod
    def of(cls, source: Source, key: int, asked: Asked) -> _Product:
        hits = source.listed.by_product.holding(asked.product_id).tolist() if asked.product_id else ()
        return cls(key, asked, source.decided.of(key), tuple(hits))

    def row(self, verdict: Verdict) -> dict[str, Any]:
        """Return it as an import has it. A line is one product, whatever contract it is part of: goods."""
        typed = {name: getattr(self.asked, name) for name in PRODUCT_COLUMNS}
        found = {"item_group": verdict.item_group, "group_method": verdict.group_method}
        return {"product_key": self.product_key, **typed, "kind": "goods", **found}


def _by_keys(source: Source, one: _Product) -> Verdict:
    asked = one.asked
    coded = ((asked.detail_code, "detail_code"), (asked.class_code, "class_code"))
    group = next(((source.codes[code], how) for code, how in coded if code in source.codes), (None, None))
    has_code = asked.detail_code is not None or asked.class_code is not None
    keys = Keys(asked.product_id, has_code, group, _certificates(source, one.hits))
    return by_keys(keys, one.decided, source.listed.numbered_groups, bool(source.codes))


def _certificates(source: Source, rows: Sequence[int]) -> list[Certificate]:
    return [Certificate(**row) for row in source.listed.read(rows, Certificate._fields)]


def _standing(source: Source, one: _Product, verdict: Verdict, found: Found | None, day: date) -> Identity:
    decided, asked = one.decided, one.asked
    rows: Sequence[int] = one.hits if decided is None or decided.outcome is None else _named(source, decided)
    if found is not None:
        verdict = Verdict(found.state, found.method, verdict.item_group or found.item_group, verdict.group_method)
        rows = found.certificate_rows if found.state == "decided" else []
    evidence = spans(_certificates(source, rows), decided)
    standard = source.standards.get(verdict.item_group or "", (None, None))
    stands = source.judge.on(day, verdict.state or "undetermined", evidence, standard)
    until = None if stands.until is None else stands.until - timedelta(days=1)
    return Identity(
        stands.state,
        verdict.method,
        verdict.item_group,
        asked.detail_code if asked.detail_code is not None else _detail(source, asked),
        None if until is None or until.year == date.max.year else until,
        stands.certificates,
    )


def _named(source: Source, decided: Decided) -> list[int]:
    """The certificates of the number that a person named, where no days were entered beside it."""
    number = decided.certificate_no
    if decided.outcome != "green" or decided.valid_from is not None or not number:
        return []
    near = source.listed.by_number.holding(normalise_certificate_no(number)).tolist()
    written = source.listed.column("certificate_no", near)
    return [row for row, one in zip(near, written, strict=True) if one == number]


def _detail(source: Source, asked: Asked) -> str | None:
    return source.stock.detail_of(asked.product_id) if asked.product_id else None
