"""From a file to the account of an import, through the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client

import builders
from chorok.ledger.store import Ledger
from chorok.site.purchases.models import State

from .conftest import bring_in, send


def test_a_file_is_looked_at_first_and_then_taken_in(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    before = builders.totals(site_ledger)
    upload = send(officer, purchase_file(bad=2))
    assert upload.state == State.READY
    assert builders.totals(site_ledger) == before
    page = officer.get(f"/purchases/uploads/{upload.pk}/").content.decode()
    assert "납품요구일자" in page
    upload = bring_in(officer, upload)
    assert upload.state == State.IMPORTED, (upload.error, upload.error_params)
    lines, amount = builders.totals(site_ledger)
    assert (lines - before[0], amount - before[1]) == (3, 3_000)
    account = officer.get(f"/purchases/imports/{upload.batch}/").content.decode()
    assert "반려" in account
    assert not upload.folder.exists()
    assert upload.name in officer.get("/purchases/").content.decode()
