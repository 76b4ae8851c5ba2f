"""What pages are made of: the frame, the components, and that nothing in them needs an open content policy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from lxml import html

from chorok.ledger.store import Ledger
from chorok.site import config

SITE = Path(config.__file__).parents[1]
STATIC = SITE / "config" / "static" / "chorok"
LANGUAGES = ("ko", "en")
pytestmark = pytest.mark.django_db


def shown(source: str, **context: Any) -> html.HtmlElement:
    given = Context({"request": RequestFactory().get(context.pop("address", "/")), **context})
    return html.fromstring(f"<div>{Template('{% load look wording %}' + source).render(given)}</div>")


@pytest.fixture(params=LANGUAGES)
def page(request: pytest.FixtureRequest, read_ledger: Ledger, client: Client) -> html.HtmlElement:
    """The gallery in one language."""
    answer = client.get("/look/", headers={"accept-language": request.param})
    assert answer.status_code == 200
    document = html.fromstring(answer.content.decode())
    assert document.get("lang") == request.param
    return document


def test_a_page_has_one_heading_a_title_with_it_and_a_way_past_the_menu(page: html.HtmlElement) -> None:
    (heading,) = page.xpath("//h1")
    assert page.findtext(".//title", "").startswith(heading.text_content().strip() + " | ")
    target = page.xpath("//*[@id='krds-skip-link']/a/@href")[0].removeprefix("#")
    assert page.get_element_by_id(target).tag == "main"
    assert page.xpath("//body//a")[0].get("href") == f"#{target}"


def test_nothing_in_a_page_is_inline(page: html.HtmlElement) -> None:
    assert page.xpath("//@style") == []
    assert page.xpath("//style") == []
    assert page.xpath("//script[not(@src)]") == []
    assert [name for node in page.iter("*") for name in node.attrib if name.startswith("on")] == []


def test_no_template_holds_what_the_content_policy_forbids() -> None:
    forbidden = re.compile(
        r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org/2000/svg)"
    )
    templates = {path: path.read_text("utf-8") for path in sorted(SITE.glob("*/templates/**/*.html"))}
    assert len(templates) > 20
    markup = {path: re.sub(r"\{%.*?%\}", "", text) for path, text in templates.items()}
    assert [(path.name, found) for path, text in markup.items() for found in forbidden.findall(text)] == []


def test_every_field_has_a_label_and_points_at_what_explains_it(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    labelled = set(page.xpath("//label/@for"))
    fields = page.xpath("//main//input[@type!='hidden'] | //main//select | //main//textarea")
    assert len(fields) > 20
    for field in fields:
        assert field.get("id") in labelled, html.tostring(field)
        for described in (field.get("aria-describedby") or "").split():
            assert described in ids


def test_a_wrong_field_says_so_to_everybody(page: html.HtmlElement) -> None:
    wrong = page.get_element_by_id("id_name")
    assert wrong.get("aria-invalid") == "true"
    assert page.get_element_by_id("id_name_error").text_content().strip()
    assert {"id_name_error", "id_name_helptext"} <= set(wrong.get("aria-describedby").split())
    assert page.xpath("//form//*[@role='alert']")


def test_a_table_can_be_scrolled_by_keyboard_and_has_a_name(page: html.HtmlElement) -> None:
    for region in page.xpath("//div[contains(@class, 'krds-table-wrap')]"):
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.xpath(".//caption")[0].text_content().strip() in region.get("aria-label")


def test_what_a_page_loads_is_there(page: html.HtmlElement) -> None:
    loaded = page.xpath("//link/@href | //script/@src | //img/@src")
    own = [address for address in loaded if "/vendor/" not in address]
    assert len(own) > 5
    assert [address for address in own if finders.find(address.removeprefix("/static/")) is None] == []


def test_each_message_says_in_words_what_kind_it_is(read_ledger: Ledger, client: Client) -> None:
    document = html.fromstring(client.get("/look/", headers={"accept-language": "en"}).content.decode())
    boxes = document.xpath("//*[@id='messages'][@aria-live='polite']/div")
    assert [box.get("class").split()[1] for box in boxes] == ["info", "good", "warn", "bad"]
    assert [box.xpath(".//span")[0].text for box in boxes] == ["Note: ", "Done: ", "Caution: ", "Error: "]


def test_the_language_is_switched_from_every_page_and_leads_back_to_it(read_ledger: Ledger, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    document = html.fromstring(strict.get("/look/?sort=item", headers={"accept-language": "ko"}).content.decode())
    form = next(form for form in document.forms if form.action == "/language/")
    answer = strict.post("/language/", {**dict(form.fields), "language": form.xpath(".//button/@value")[0]})
    assert answer["Location"] == "/look/?sort=item"
    assert html.fromstring(strict.get("/look/").content.decode()).get("lang") == "en"


def test_a_column_that_sorts_turns_round_and_goes_back_to_the_first_page() -> None:
    def link(address: str) -> tuple[str, str | None]:
        head = shown("<table><tr>{% sort 'Amount' 'amount' %}</tr></table>", address=address).xpath("//th")[0]
        return head.xpath(".//a/@href")[0], head.get("aria-sort")

    assert link("/?q=chair&page=3") == ("?q=chair&sort=amount", None)
    assert link("/?sort=amount") == ("?sort=-amount", "ascending")
    assert link("/?sort=-amount") == ("?sort=amount", "descending")


def test_the_other_pages_of_a_list_keep_what_was_asked_for() -> None:
    page = Paginator(range(45), 10).get_page(2)
    root = shown("{% pages page %}", page=page, address="/?q=a%26b&page=2")
    assert set(root.xpath("//a/@href")) == {f"?q=a%26b&page={number}" for number in range(1, 6)}
    assert root.xpath("//a[@aria-current='page']/text()") == ["2"]


def test_a_list_of_one_page_shows_no_way_to_others() -> None:
    assert shown("{% pages page %}", page=Paginator(range(3), 10).get_page(1)).xpath("//a") == []


def test_texts_from_outside_are_escaped_in_every_component() -> None:
    bad = "<script>x</script>"
    source = (
        "{% button bad bad %}{% button bad title=bad %}{% badge bad 'good' %}{% tile bad bad bad bad %}"
        "{% notice 'info' bad %}{{ bad }}{% endnotice %}{% empty bad %}{{ bad }}{% endempty %}"
        "{% card bad %}{{ bad }}{% endcard %}{% fold bad %}{{ bad }}{% endfold %}{% crumb bad bad %}"
        "{% table bad %}<tr><td>{{ bad }}</td></tr>{% endtable %}{% progress bad 1 text=bad %}{% search_box bad %}"
        "{% steps listed 1 %}{% tabs tabs bad %}"
    )
    tabs = [{"label": bad, "url": bad, "current": True}]
    root = shown(source, bad=bad, listed=[bad], tabs=tabs, address="/?q=%3Cscript%3Ex%3C/script%3E")
    assert root.xpath("//script") == []
    assert root.text_content().count(bad) > 15


def test_a_button_with_an_address_is_a_link_and_attributes_pass_through() -> None:
    root = shown(
        "{% button 'Go' '/x' kind='danger' %}{% button 'Send' hx_post='/y' disabled=True name=None|default:'n' %}"
    )
    assert root.xpath("//a[@href='/x'][contains(@class, 'danger')]")
    (button,) = root.xpath("//button[@type='submit']")
    assert (button.get("hx-post"), button.get("name"), "disabled" in button.attrib) == ("/y", "n", True)


def test_a_state_is_readable_without_colour() -> None:
    for tone in ("info", "good", "warn", "bad"):
        badge = shown("{% badge 'Text' tone %}", tone=tone).xpath("//span")[0]
        assert badge.text_content().strip() == "Text"
        assert badge.xpath(".//i[@aria-hidden='true']")


def test_work_without_a_known_end_shows_a_bar_without_a_value() -> None:
    assert "value" not in shown("{% progress 'Work' None %}").xpath("//progress")[0].attrib
    assert shown("{% progress 'Work' 0 %}").xpath("//progress")[0].get("value") == "0"


def test_a_file_field_works_without_script_and_can_be_dropped_on() -> None:
    class Upload(forms.Form):
        file = forms.FileField(label="File")

    root = html.fromstring(f"<form>{Upload()}</form>")
    assert root.xpath("//div[contains(@class, 'drop')]//input[@type='file'][@required]")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["403_csrf.html", "500.html"])
def test_pages_for_failures_need_nothing_but_a_language(name: str, language: str) -> None:
    with translation.override(language):
        document = html.fromstring(render_to_string(name))
    assert document.get("lang") == language
    assert document.xpath("//h1")[0].text_content().strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_that_is_not_there_is_answered_with_what_to_do(
    read_ledger: Ledger, client: Client, language: str
) -> None:
    answer = client.get("/no-such-page/", headers={"accept-language": language})
    assert answer.status_code == 404
    document = html.fromstring(answer.content.decode())
    assert document.get("lang") == language
    assert document.xpath("//main//a[@href='/']")


def test_series_of_a_chart_differ_without_colour() -> None:
    rules = re.findall(r"svg \.series-(\d) \{([^}]*)\}", (STATIC / "charts.css").read_text("utf-8"))
    dashes = [re.search(r"stroke-dasharray: ([\d ]+)", rule) for _, rule in rules]
    assert len(rules) == 6
    assert len({found.group(1) if found else "" for found in dashes}) == 6
