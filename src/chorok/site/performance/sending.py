"""Tables and lines as files: CSV in UTF-8 with BOM, and XLSX. Lines that leave are an event (rules 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase

from chorok.ledger import drilldown
from chorok.site.audit.services import record
from chorok.site.config import downloads
from chorok.site.performance.lines import Narrowed
from chorok.site.performance.shown import Table


def table(found: Table, name: str, form: str) -> HttpResponseBase:
    """Send a table as a file."""
    return downloads.sheet(name, form, [column.text for column in found.columns], found.lines)


def lines(narrowed: Narrowed, form: str) -> HttpResponseBase:
    """Send all lines of a question as a file, row by row, and record that they left."""
    downloads.known(form)
    scope = narrowed.scope
    with transaction.atomic():
        record(
            scope.actor,
            "lines.downloaded",
            subject=("snapshot", scope.published.snapshot.number),
            organisation=scope.organisation,
            period=scope.written,
            form=form,
            narrowed=sorted(narrowed.given),
        )
    name = f"lines-{scope.organisation}-{scope.written}"
    return downloads.long_sheet(name, form, drilldown.SHOWN, _rows(narrowed))


def _rows(narrowed: Narrowed) -> Iterator[Sequence[Any]]:
    for batch in drilldown.batches_of(narrowed.scope.published, narrowed.wanted):
        yield from (tuple(row.values()) for row in batch.to_pylist())
