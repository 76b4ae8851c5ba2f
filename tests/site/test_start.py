"""The start page, the language, and views that forget to say whom they answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client

from chorok.ledger.store import Ledger
from chorok.site.accounts.middleware import ActorMiddleware
from chorok.site.config import logs

pytestmark = pytest.mark.django_db


def test_the_start_page_answers_everybody_in_both_languages(read_ledger: Ledger, client: Client) -> None:
    korean = client.get("/", headers={"accept-language": "ko"})
    english = client.get("/", headers={"accept-language": "en"})
    assert korean.status_code == english.status_code == 200
    assert 'lang="ko"' in korean.content.decode()
    assert 'lang="en"' in english.content.decode()


def test_the_chosen_language_is_kept_and_leads_back_to_the_page(read_ledger: Ledger, client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/?a=1"}, headers={"accept-language": "ko"})
    assert answer["Location"] == "/?a=1"
    assert 'lang="en"' in client.get("/", headers={"accept-language": "ko"}).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_choice_of_language_leads_nowhere_else(read_ledger: Ledger, client: Client, elsewhere: str) -> None:
    assert client.post("/language/", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_a_view_that_does_not_say_whom_it_answers_answers_nobody() -> None:
    def forgetful(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    with pytest.raises(PermissionDenied):
        ActorMiddleware(forgetful).process_view(HttpRequest(), forgetful, (), {})


def test_the_demo_says_on_every_page_that_it_is_one(read_ledger: Ledger, client: Client) -> None:
    assert "2020-11-02" in client.get("/").content.decode()


def test_health_says_that_it_lives_and_what_is_missing(
    read_ledger: Ledger, client: Client, settings: Any, tmp_path: Path
) -> None:
    assert client.get("/health/").json() == {"ok": True}
    well = client.get("/health/ready/")
    assert (well.status_code, well.json()) == (200, {"ok": True, "database": True, "ledger": True, "jobs": True})
    settings.LEDGER = tmp_path / "nothing"
    ill = client.get("/health/ready/")
    assert (ill.status_code, ill.json()["ledger"]) == (503, False)


def test_a_request_is_one_line_of_json_whatever_its_path_holds(
    read_ledger: Ledger, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "chorok.requests"):
        client.get("/no%0Asuch page/")
    line = logs.JsonLines().format(caplog.records[-1])
    assert "\n" not in line
    assert json.loads(line) | {"ms": 0, "at": ""} == {
        "at": "", "level": "info", "from": "chorok.requests", "method": "GET", "path": "/no\nsuch page/",
        "status": 404, "ms": 0, "user": None,
    }  # fmt: skip


def test_the_settings_for_the_open_net_leave_nothing_to_be_warned_of(tmp_path: Path, read_ledger: Ledger) -> None:
    environment = {
        **os.environ, "CHOROK_LEDGER": str(read_ledger.path), "CHOROK_SITE": str(tmp_path), "CHOROK_HTTPS": "1",
        "CHOROK_HOSTS": "green.example.org", "DJANGO_SETTINGS_MODULE": "chorok.site.config.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
