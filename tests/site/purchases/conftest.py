"""What the tests of purchases share: files as offices have them, sent and taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

import builders
from builders import CITY
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.purchases.models import Upload


@pytest.fixture
def purchase_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of purchases of one city; `bad` rows cannot be read."""

    def write(name: str = "구매내역.csv", *, good: int = 3, bad: int = 0, org: str = CITY, **wish: Any) -> Path:
        first = wish.pop("first", 50_000)
        lines = [builders.keyed(first + number, org=org, name="의자", amount=1_000) for number in range(good)]
        lines += [builders.keyed(first + 900 + number, org=org, name="의자", day="미정") for number in range(bad)]
        return builders.write_csv(tmp_path / name, lines, **wish)

    return write


class AtOnce(Client):
    """A client whose jobs run before it answers, inside the one transaction of a test."""

    def request(self, **request: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


@pytest.fixture
def at_once(site_ledger: Ledger, person: Callable[..., User], settings: Any) -> Callable[..., Client]:
    """Return a client of somebody with a role, whose jobs run at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

    def enter(role: str = "officer", organisation: str = CITY) -> Client:
        client = AtOnce()
        client.force_login(person(role, organisation))
        return client

    return enter


@pytest.fixture
def officer(at_once: Callable[..., Client]) -> Client:
    """The officer of the first city."""
    return at_once()


def to_send(path: Path) -> SimpleUploadedFile:
    """Return a file as a form sends it."""
    return SimpleUploadedFile(path.name, path.read_bytes())


def send(client: Client, path: Path, organisation: str = CITY) -> Upload:
    """Send a file by the plain form, as without JavaScript, and return how it stands."""
    answer = client.post("/purchases/new/", {"organisation": organisation, "file": to_send(path)})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(pk=answer["Location"].strip("/").rsplit("/", 1)[-1])


def form_of(upload: Upload, **changes: Any) -> dict[str, Any]:
    """Return what the page of an understood file would send, with changes."""
    from chorok.site.purchases.views.uploads import _forms

    data: dict[str, Any] = {}
    for form in _forms(upload):
        for name in form.fields:
            value = form[name].initial
            data[form.add_prefix(name)] = "on" if value is True else value or ""
    return {**data, **changes}


def bring_in(client: Client, upload: Upload, **changes: Any) -> Upload:
    """Press the button that takes the file in."""
    answer = client.post(f"/purchases/uploads/{upload.pk}/", form_of(upload, do="import", **changes))
    assert answer.status_code == 302, answer.content.decode()
    upload.refresh_from_db()
    return upload
