"""A list comes in: read, previewed, confirmed or dismissed, its effect shown, and undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from builders import CITY, OTHER_CITY, PLAIN
from chorok.ledger import snapshots
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.registry.models import ListFile, RegistryState
from chorok.sources import known_lists

pytestmark = [pytest.mark.django_db(transaction=True)]

SignedIn = Callable[..., Client]
LISTS = "/registry/lists/"


def _file(*rows: dict[str, str], name: str = "새 인증.csv") -> SimpleUploadedFile:
    columns = ["certificate_no", "basis", "product_id", "product_name", "valid_from", "valid_until", "item_group"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode())


def _row(**values: str) -> dict[str, str]:
    return {
        "certificate_no": "N-1",
        "basis": "eco_label",
        "product_id": PLAIN,
        "product_name": "민원실 의자",
        "valid_from": "2017-01-01",
        "valid_until": "2021-01-01",
        "item_group": builders.CHAIR,
        **values,
    }


def _upload(client: Client, *rows: dict[str, str], **named: Any) -> ListFile:
    answer = client.post(LISTS, {"file": _file(*rows, **named), "read_on": "2020-11-02"})
    assert answer.status_code == 302, answer.content.decode()
    return ListFile.objects.order_by("-uploaded_at")[0]


def _confirm(client: Client, file: ListFile) -> RegistryState:
    assert client.post(f"{LISTS}{file.pk}/confirm/").status_code == 302
    file.refresh_from_db()
    assert file.state == ListFile.State.POSTED
    assert file.result is not None
    return file.result


def test_nothing_is_written_before_it_is_confirmed(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    before = Registry.open(site_ledger.path).versions
    file = _upload(client, _row(), _row(certificate_no="N-2", valid_until="어제"))
    page = client.get(f"{LISTS}{file.pk}/", headers={"accept-language": "ko"}).content.decode()
    assert "어제" in page
    assert "날짜로 읽을 수 없음" in page
    assert (file.account["received"], file.account["accepted"], file.account["rejected"]) == (2, 1, 1)
    assert Registry.open(site_ledger.path).versions == before


def test_a_confirmed_list_is_in_the_registry_and_says_what_that_did(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    first = snapshots.latest(site_ledger)
    state = _confirm(client, _upload(client, _row()))
    last = snapshots.latest(site_ledger)
    assert first
    assert last
    assert state.snapshot == last.number > first.number
    assert {one["city"] for one in state.effect} == {CITY, OTHER_CITY}
    page = client.get(f"/registry/versions/{state.pk}/", headers={"accept-language": "ko"}).content.decode()
    assert "가람시" in page
    assert "%p" in page
    assert "누리시" not in page  # figures of another city do not pass (rules section 4)
    assert N1 in client.get("/registry/", {"q": N1}).content.decode()


N1 = "N-1"


def test_the_write_is_announced_and_the_chain_whole(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    _confirm(client, _upload(client, _row()))
    actions = list(Event.objects.order_by("seq").values_list("action", flat=True))
    assert [one for one in actions if one.startswith("registry.")] == [
        "registry.uploaded",
        "registry.imported.begun",
        "registry.imported.done",
    ]
    assert verify() == []


def test_the_same_list_again_changes_nothing(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    _confirm(client, _upload(client, _row()))
    again = _upload(client, _row())
    assert all(not one["added"] + one["removed"] + one["changed"] for one in again.account["changes"])
    number = snapshots.latest(site_ledger)
    assert _confirm(client, again).snapshot is None
    assert snapshots.latest(site_ledger) == number


def test_an_import_can_be_undone_and_the_undoing_too(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    state = _confirm(client, _upload(client, _row()))
    for expected in (0, 1):
        url = f"/registry/versions/{RegistryState.objects.all()[0].pk}/restore/"
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 302
        assert Registry.open(site_ledger.path).of_source("certificates", state.source).num_rows == expected
    undone, redone = RegistryState.objects.all()[1], RegistryState.objects.all()[0]
    assert [one["before"] for one in undone.effect] == [one["after"] for one in redone.effect]


def test_a_dismissed_list_leaves_nothing(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    file = _upload(client, _row())
    assert client.post(f"{LISTS}{file.pk}/dismiss/").status_code == 302
    assert not file.path.exists()
    assert client.post(f"{LISTS}{file.pk}/confirm/").status_code == 302
    assert ListFile.objects.get(pk=file.pk).state == ListFile.State.DISMISSED
    assert not RegistryState.objects.filter(action="imported").exists()


def test_a_file_that_is_no_list_says_which_lists_there_are(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    client.post(LISTS, {"file": SimpleUploadedFile("장부.csv", "날짜,금액\n2020-01-01,5\n".encode())})
    file = ListFile.objects.get()
    page = client.get(f"{LISTS}{file.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "Certificates, plain template" in page
    assert client.post(f"{LISTS}{file.pk}/confirm/").status_code == 302
    assert ListFile.objects.get().state == ListFile.State.READING


def test_a_missing_file_is_said_at_its_field(site_ledger: Ledger, signed_in: SignedIn) -> None:
    answer = signed_in("officer", CITY).post(LISTS, {})
    assert answer.status_code == 200
    assert "has-error" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_templates_are_lists_that_are_recognised(
    kind: str, read_ledger: Ledger, signed_in: SignedIn, tmp_path: Path
) -> None:
    client = signed_in("officer", CITY)
    for name in ("certificates", "item_groups", "labels", "offers", "organisations", "suppliers"):
        answer = client.get(f"/registry/templates/template_{name}/", {"as": kind})
        file = tmp_path / f"{name}.{kind}"
        file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
        found = known_lists.find(_header(file))
        assert found is not None
        assert found.name == f"template_{name}"
    assert client.get("/registry/templates/keiti_by_use/").status_code == 404


def _header(file: Path) -> list[str]:
    if file.suffix == ".csv":
        return file.read_text(encoding="utf-8-sig").strip().split(",")
    [row] = openpyxl.load_workbook(file).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return [str(cell) for cell in row]


@pytest.mark.parametrize("role", ["purchaser", "coordinator", "auditor", "leader"])
def test_who_may_not_change_the_registry_cannot(role: str, site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in(role, "T-NET" if role == "coordinator" else CITY)
    assert client.post(LISTS, {"file": _file(_row())}).status_code == 403
    assert client.post("/registry/take-over/").status_code == 403
    assert client.get("/registry/versions/").status_code == 200
    assert not ListFile.objects.exists()
