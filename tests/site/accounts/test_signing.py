"""Signing in and out: throttled, timed, told in the audit trail; passwords and the second factor."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.audit.models import Event
from chorok.site.config import logs
from site_world import PASSWORD

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
Fresh = Callable[..., tuple[Client, User]]
LOGIN = "/account/login/"
KO = {"accept-language": "ko"}
HOUR = 3600


@pytest.fixture(autouse=True)
def cache_table(db: None) -> None:
    call_command("createcachetable", verbosity=0)
    caches["default"].clear()


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more}, headers=KO)


def test_in_and_out_again_and_both_are_events(read_ledger: Ledger, person: Person, client: Client) -> None:
    user = person("officer", builders.CITY, email="kim@example.org")
    assert sign_in(client, "KIM@example.org ", next="/people/me/")["Location"] == "/people/me/"
    assert client.get("/people/me/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/people/me/").status_code == 302
    told = Event.objects.filter(actor_id=user.pk).order_by("seq").values_list("action", flat=True)
    assert list(told) == ["accounts.signed_in", "accounts.signed_out"]


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org"])
def test_sign_in_leads_nowhere_else(read_ledger: Ledger, person: Person, client: Client, elsewhere: str) -> None:
    person("officer", builders.CITY, email="kim@example.org")
    assert sign_in(client, "kim@example.org", next=elsewhere)["Location"] == "/"


def test_after_five_failures_even_the_right_password_waits_and_a_restart_changes_nothing(
    read_ledger: Ledger, person: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = person("officer", builders.CITY, email="kim@example.org")
    other = person("officer", builders.CITY, email="lee@example.org")
    for _ in range(5):
        assert "올바르지 않습니다" in sign_in(client, "kim@example.org", "wrong").content.decode()
    caches["default"].close()  # what counts is in the database, not in the process
    fresh = Client()
    assert "로그인 실패 횟수를 초과했습니다" in sign_in(fresh, "kim@example.org").content.decode()
    assert "_auth_user_id" not in fresh.session
    assert sign_in(Client(), other.email).status_code == 302
    failed = Event.objects.filter(action="accounts.sign_in_failed", subject_id=str(user.pk))
    assert failed.count() == 5
    assert all("kim@" not in one.facts for one in failed)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    assert sign_in(fresh, "kim@example.org").status_code == 302


def test_an_unknown_address_is_answered_like_a_wrong_password(
    read_ledger: Ledger, person: Person, client: Client
) -> None:
    person("officer", builders.CITY, email="kim@example.org")

    def told(email: str) -> str:
        return "".join(re.findall(r'role="alert".*?</p>', sign_in(client, email, "wrong").content.decode(), re.S))

    assert told("kim@example.org") == told("nobody@example.org") != ""
    pages = [client.post("/account/password/reset/", {"email": email})["Location"] for email in
             ("kim@example.org", "nobody@example.org")]  # fmt: skip
    assert pages[0] == pages[1]
    assert [one.to for one in mail.outbox] == [["kim@example.org"]]


def test_who_is_deactivated_does_not_get_in(read_ledger: Ledger, person: Person, client: Client) -> None:
    user = person("officer", builders.CITY)
    User.objects.filter(pk=user.pk).update(is_active=False)
    sign_in(client, user.email)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("step", "steps", "still"), [
    (2.9, 1, True), (3.1, 1, False), (2.9, 4, True), (2.9, 5, False), (0.5, 23, True), (0.5, 25, False),
])  # fmt: skip
def test_a_session_ends_after_three_idle_hours_and_after_twelve_in_all(
    read_ledger: Ledger, person: Person, monkeypatch: pytest.MonkeyPatch, step: float, steps: int, still: bool
) -> None:
    client, began = Client(), time.time()
    client.force_login(person("officer", builders.CITY))
    client.get("/people/me/")
    status = 0
    for number in range(1, steps + 1):
        monkeypatch.setattr(time, "time", lambda at=began + number * step * HOUR: at)
        answer = client.get("/people/me/", headers=KO)
        status = answer.status_code
    assert (status == 200) == still
    if not still:
        assert answer["Location"].startswith(LOGIN)
        assert "자동으로 로그아웃됩니다" in client.get(answer["Location"], headers=KO).content.decode()


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(
    read_ledger: Ledger, person: Person, client: Client
) -> None:
    user = person("officer", builders.CITY)
    other = Client()
    other.force_login(user)
    client.post("/account/password/reset/", {"email": user.email}, headers=KO)
    (sent,) = mail.outbox
    assert sent.subject == "초록 비밀번호 재설정"
    link = re.search(r"http://testserver(\S+)", str(sent.body))
    assert link is not None
    form = client.get(link[1])["Location"]
    assert "10자 이상" in client.get(form, headers=KO).content.decode()
    weak = client.post(form, {"password1": "12345", "password2": "12345"}, headers=KO)
    assert weak.status_code == 200
    done = client.post(form, {"password1": "quiet green rivers", "password2": "quiet green rivers"})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password("quiet green rivers")
    assert other.get("/people/me/").status_code == 302  # other sessions end with the old password
    assert "다시 요청" in Client().get(link[1], headers=KO).content.decode()
    assert Event.objects.filter(action="accounts.password_reset", actor_id=user.pk).count() == 1


def test_a_changed_password_needs_the_old_one_and_ends_other_sessions(read_ledger: Ledger, fresh: Fresh) -> None:
    client, user = fresh("officer", builders.CITY)
    other = Client()
    other.force_login(user)
    path = reverse("account_change_password")
    new = {"password1": "quiet green rivers", "password2": "quiet green rivers"}
    wrong = client.post(path, {"oldpassword": "no", **new}, headers=KO)
    assert "현재 비밀번호가 올바르지 않습니다" in wrong.content.decode()
    client.post(path, {"oldpassword": PASSWORD, **new})
    user.refresh_from_db()
    assert user.check_password("quiet green rivers")
    assert client.get("/people/me/").status_code == 200
    assert other.get("/people/me/").status_code == 302


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def set_up(client: Client, user: User) -> str:
    """Set the second factor up on the pages, and return its secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"), headers=KO).content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret is not None
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])}).status_code == 302
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return secret[1]


def test_the_second_factor_stands_between_the_password_and_the_pages(read_ledger: Ledger, fresh: Fresh) -> None:
    client, user = fresh("officer", builders.CITY)
    secret = set_up(client, user)
    codes = client.get(reverse("mfa_view_recovery_codes"), headers=KO).content.decode()
    spare = re.findall(r"<li><code>([0-9a-f]{8,})</code>", codes)
    assert len(spare) >= 8
    assert client.get(reverse("mfa_index"), headers=KO).status_code == 200
    entering = Client()
    assert sign_in(entering, user.email)["Location"].startswith(reverse("mfa_authenticate"))
    assert entering.get("/people/me/").status_code == 302
    page = entering.post(reverse("mfa_authenticate"), {"code": "999999"}, headers=KO).content.decode()
    assert "코드가 올바르지 않습니다" in page
    assert entering.post(reverse("mfa_authenticate"), {"code": spare[0]}).status_code == 302
    assert entering.get("/people/me/").status_code == 200
    again = Client()
    sign_in(again, user.email)
    assert again.post(reverse("mfa_authenticate"), {"code": spare[0]}).status_code == 200  # once only
    told = set(Event.objects.filter(subject_id=str(user.pk)).values_list("action", flat=True))
    assert {"accounts.second_factor_added", "accounts.code_refused"} <= told
    assert secret not in "".join(Event.objects.values_list("facts", flat=True))


def test_a_role_that_requires_a_second_factor_reaches_nothing_before_it(
    read_ledger: Ledger, fresh: Fresh, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = ["administrator"]
    admin, user = fresh("administrator", builders.CITY)
    officer, _ = fresh("officer", builders.CITY)
    assert officer.get("/people/me/").status_code == 200
    for path in ("/people/", "/people/me/", "/people/me/tokens/"):
        assert admin.get(path)["Location"] == reverse("mfa_activate_totp")
    assert admin.get("/").status_code == 200
    set_up(admin, user)
    assert admin.get("/people/").status_code == 200
    settings.REQUIRE_SECOND_FACTOR = ["administrator"]
    removed = admin.post(reverse("mfa_deactivate_totp"), headers=KO)
    assert "해제할 수 없습니다" in removed.content.decode()


def test_who_is_refused_is_told_in_the_audit_trail(read_ledger: Ledger, fresh: Fresh) -> None:
    client, user = fresh("purchaser", builders.CITY)
    assert client.get("/people/").status_code == 403
    event = Event.objects.get(action="accounts.denied")
    assert (event.actor_id, event.subject_id) == (user.pk, "accounts:people")


def test_the_log_does_not_hold_the_secrets_of_links(
    read_ledger: Ledger, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logs.log.name):
        client.get("/people/invited/very-secret/")
        client.get("/account/password/reset/key/abc-very-secret/")
    assert "very-secret" not in caplog.text
    assert "/people/invited/***/" in caplog.text
