"""Notes to people: who gets them, that they lead where they say, and mail where it is set up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from builders import CITY, OTHER_CITY, WEST
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.config import ledger as site
from chorok.site.notices.models import Notice
from chorok.site.notices.services import holders, tell

TODAY = date(2020, 11, 2)
CODE = "site.periods.notice.return"


def note(user: User, url: str = "/periods/") -> Notice:
    return tell(CODE, to=[user.pk], url=url, organisation=WEST, period="2019", version=1, remarks="<b>누락</b>")[0]


def test_holders_are_those_at_the_place_else_above(read_ledger: Ledger, person: Callable[..., User]) -> None:
    city, other = person("leader", CITY), person("leader", OTHER_CITY)
    assert holders("periods.accept", [WEST], TODAY, site.tree()) == {city.pk}
    district = person("leader", WEST)
    assert holders("periods.accept", [WEST], TODAY, site.tree()) == {district.pk}
    assert holders("periods.accept", [WEST], TODAY, site.tree(), but={district.pk}) == {city.pk}
    assert holders("periods.accept", [OTHER_CITY], date(2014, 1, 1), site.tree()) == set()
    assert other.pk in holders("periods.accept", [OTHER_CITY], TODAY, site.tree())


def test_a_note_is_read_once_and_leads_on(read_ledger: Ledger, person: Callable[..., User]) -> None:
    user, stranger = person("officer", CITY), person("officer", CITY)
    found, client, other = note(user), Client(), Client()
    client.force_login(user)
    other.force_login(stranger)
    shown = client.get("/notices/").content.decode()
    assert "알림 1건" in shown
    assert "&lt;b&gt;누락" in shown
    assert other.get(f"/notices/{found.pk}/").status_code == 404
    assert client.get(f"/notices/{found.pk}/").headers["Location"] == "/periods/"
    assert "알림 1건" not in client.get("/notices/").content.decode()


def test_a_note_leads_to_no_other_site(read_ledger: Ledger, person: Callable[..., User]) -> None:
    user, client = person("officer", CITY), Client()
    client.force_login(user)
    found = note(user, "https://elsewhere.example/")
    assert client.get(f"/notices/{found.pk}/").headers["Location"] == "/notices/"


def test_all_are_marked_by_their_owner_only(read_ledger: Ledger, person: Callable[..., User]) -> None:
    user, stranger, client = person("officer", CITY), person("officer", CITY), Client()
    note(user), note(stranger)
    client.force_login(user)
    client.post("/notices/read/")
    assert list(Notice.objects.filter(seen_at=None).values_list("user_id", flat=True)) == [stranger.pk]


def test_mail_goes_out_in_both_languages_once_it_is_sure(
    read_ledger: Ledger,
    person: Callable[..., User],
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.EMAIL_BACKEND, settings.SITE_URL = "django.core.mail.backends.locmem.EmailBackend", "https://green.example"
    user = person("officer", CITY)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        note(user)
        assert mail.outbox == []
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    assert "반려되었습니다" in sent.body
    assert "were returned" in sent.body
    assert "https://green.example/periods/" in sent.body


def test_no_mail_without_a_backend(
    read_ledger: Ledger, person: Callable[..., User], settings: Any, capsys: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True) as found:
        note(person("officer", CITY))
    assert found == []
