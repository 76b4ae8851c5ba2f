"""Rejected rows: shown with what is wrong, mended on the page or in the file, sent once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client

import builders
from builders import CITY, OTHER_CITY
from chorok.ledger import batches
from chorok.ledger.store import Ledger
from chorok.site.audit.models import Event
from chorok.site.purchases.models import Mended, State, Upload

from .conftest import bring_in, send


def taken(client: Client, file: Path) -> Upload:
    return bring_in(client, send(client, file))


def page_of(upload: Upload, rest: str = "") -> str:
    return f"/purchases/imports/{upload.batch}/rejected/0/{rest}"


def field_of(page: str, value: str) -> str:
    """Return the name of the input that holds a value."""
    before = page[: page.index(f'value="{value}"')]
    return before[before.rindex('name="') + 6 :].split('"')[0]


def test_a_row_is_mended_on_the_page_and_sent_once(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    upload = taken(officer, purchase_file(bad=2))
    before = builders.totals(site_ledger)
    page = officer.get(page_of(upload)).content.decode()
    assert page.count('value="미정"') == 2
    name = field_of(page, "미정")
    assert officer.post(page_of(upload), {name: "2019-05-05", "do": "save"}).status_code == 302
    assert builders.totals(site_ledger) == before
    assert 'value="2019-05-05"' in officer.get(page_of(upload)).content.decode()
    assert officer.post(page_of(upload), {"do": "send"}).status_code == 302
    assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 1_000)
    mended = Upload.objects.get(mends=upload.batch)
    assert mended.state == State.IMPORTED
    assert batches.load(site_ledger, mended.batch).source == batches.load(site_ledger, upload.batch).source  # type: ignore[union-attr]
    again = officer.get(page_of(upload)).content.decode()
    assert again.count('value="미정"') == 1
    assert 'value="2019-05-05"' not in again
    officer.post(page_of(upload), {name: "2019-05-06", "do": "send"})
    assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 1_000)


def test_a_row_sent_with_an_import_that_was_undone_can_be_sent_again(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    upload = taken(officer, purchase_file(bad=1))
    before = builders.totals(site_ledger)
    name = field_of(officer.get(page_of(upload)).content.decode(), "미정")
    officer.post(page_of(upload), {name: "2019-05-05", "do": "send"})
    officer.post(f"/purchases/imports/{Upload.objects.get(mends=upload.batch).batch}/undo/")
    assert builders.totals(site_ledger) == before
    officer.post(page_of(upload), {"do": "send"})
    assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 1_000)


def test_a_row_that_is_still_bad_comes_back(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    upload = taken(officer, purchase_file(bad=1))
    name = field_of(officer.get(page_of(upload)).content.decode(), "미정")
    officer.post(page_of(upload), {name: "언젠가", "do": "send"})
    mended = Upload.objects.get(mends=upload.batch)
    assert 'value="언젠가"' in officer.get(page_of(mended)).content.decode()


def test_nothing_mended_is_nothing_sent(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    upload = taken(officer, purchase_file(bad=1))
    officer.post(page_of(upload), {"do": "send"})
    assert not Upload.objects.filter(mends=upload.batch).exists()
    assert not Mended.objects.exists()


def test_the_file_is_mended_in_a_spreadsheet_and_sent_like_any_other(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path], tmp_path: Path
) -> None:
    upload = taken(officer, purchase_file(bad=1))
    before = builders.totals(site_ledger)
    answer = officer.get(page_of(upload, "file/"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig").replace("미정", "2019-05-05", 1)
    assert Event.objects.filter(action="purchases.rejects_downloaded").count() == 1
    mended = tmp_path / "고침.csv"
    mended.write_text(text, encoding="cp949")
    again = taken(officer, mended)
    assert again.mends == upload.batch
    assert builders.totals(site_ledger) == (before[0] + 1, before[1] + 1_000)


def test_rejected_rows_are_nobody_elses(
    site_ledger: Ledger, officer: Client, at_once: Callable[..., Client], purchase_file: Callable[..., Path]
) -> None:
    upload = taken(officer, purchase_file(bad=1))
    stranger = at_once("officer", OTHER_CITY)
    for rest in ("", "file/"):
        assert stranger.get(page_of(upload, rest)).status_code == 404
    assert stranger.post(page_of(upload), {"do": "send"}).status_code == 404
    leader = at_once("leader", CITY)
    page = leader.get(page_of(upload))
    assert page.status_code == 200
    assert "미정" in page.content.decode()
    assert 'value="미정"' not in page.content.decode()
    assert leader.post(page_of(upload), {"r0-2": "2019-05-05", "do": "save"}).status_code == 404
