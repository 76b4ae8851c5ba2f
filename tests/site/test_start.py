"""The start page, the language, and views that forget to say whom they answer."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client

from chorok.ledger.store import Ledger
from chorok.site.accounts.middleware import ActorMiddleware

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
