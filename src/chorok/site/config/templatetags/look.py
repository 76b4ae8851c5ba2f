"""Tags for what pages are made of, in KRDS markup. `docs/site/look.md` shows each of them.

Texts that tags take are said already: `{% button "site.x.send"|said %}` or `{% say "site.x.send" n=3 as text %}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

Tone = Literal["info", "good", "warn", "bad", "plain"]
TONES: Mapping[str, Tone] = {"success": "good", "warning": "warn", "error": "bad", "debug": "info"}
"""Django's levels of messages as tones."""

ICONS: Mapping[str, str] = {"info": "information-fill", "good": "success-fill", "warn": "warning", "bad": "error-fill"}
BADGES: Mapping[str, str] = {"info": "information", "good": "success", "warn": "warning", "bad": "danger"}
INPUTS: Mapping[str, str] = {"select": "krds-form-select medium", "textarea": "krds-input", "hidden": "", "file": ""}
CHOICES = frozenset({"checkbox", "radio", "checkboxselectmultiple", "radioselect"})


@register.simple_block_tag
def captured(content: SafeString) -> SafeString:
    """Keep what a block says, to be used twice: `{% captured as heading %}...{% endcaptured %}`."""
    return SafeString(content.strip())


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a picture of KRDS (`svg-icon ico-<name>`); it is not read aloud, so a text belongs beside it."""
    return format_html('<i class="svg-icon ico-{}" aria-hidden="true"></i>', name)


@register.inclusion_tag("krds/button.html")
def button(
    text: str, url: str = "", *, kind: str = "primary", size: str = "medium", icon: str = "", **attributes: Any
) -> dict[str, Any]:
    """Return a button, or with an address a link that looks like one.

    `kind` is primary, secondary, tertiary, text or danger; other words become attributes, `_` read as `-`.
    """
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    if not url:
        given.setdefault("type", "submit")
    return {"text": text, "url": url, "kind": kind, "size": size, "icon": icon, "attributes": given}


@register.inclusion_tag("krds/badge.html")
def badge(text: str, tone: str = "plain") -> dict[str, Any]:
    """Return a state in a few letters, with an icon: readable without colour."""
    tone = TONES.get(tone, tone)
    return {"text": text, "icon": ICONS.get(tone, ""), "look": BADGES.get(tone, "gray"), "tone": tone}


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: str = "") -> str:
    """Return a box that tells something: info, good, warn or bad."""
    tone = TONES.get(tone, tone if tone in ICONS else "info")
    return render_to_string("krds/notice.html", {"content": content, "tone": tone, "icon": ICONS[tone], "title": title})


@register.simple_block_tag
def empty(content: SafeString, title: str = "") -> str:
    """Return what stands where nothing is yet: the title says so, the content what to do."""
    return render_to_string("krds/empty.html", {"content": content, "title": title})


@register.simple_block_tag
def card(content: SafeString, title: str = "", level: int = 2) -> str:
    """Return a framed part of a page with a heading."""
    return render_to_string("krds/card.html", {"content": content, "title": title, "level": level})


@register.simple_block_tag
def fold(content: SafeString, summary: str = "", *, shown: bool = False) -> str:
    """Return a part that opens and closes without JavaScript."""
    return render_to_string("krds/fold.html", {"content": content, "summary": summary, "shown": shown})


@register.simple_block_tag
def table(
    content: SafeString, caption: str = "", *, shown: bool = False, dense: bool = False, stacks: bool = False
) -> str:
    """Return a table around `<thead>` and `<tbody>`, in a box that scrolls by itself and by keyboard.

    One of records `stacks`: on a narrow screen the cells of a row stand one below the other.
    """
    return render_to_string(
        "krds/table.html",
        {"content": content, "caption": caption, "shown": shown, "dense": dense, "stacks": stacks},
    )


@register.inclusion_tag("krds/sort.html", takes_context=True)
def sort(context: Context, text: str, key: str, *, number: bool = False) -> dict[str, Any]:
    """Return the head of a column that sorts: `?sort=key`, and `?sort=-key` when it sorts so already."""
    now = context["request"].GET.get("sort", "")
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    query = context["request"].GET.copy()
    query["sort"] = f"-{key}" if now == key else key
    query.pop("page", None)
    return {"text": text, "state": state, "query": query.urlencode(), "number": number}


@register.inclusion_tag("krds/tile.html")
def tile(label: str, value: str, sub: str = "", url: str = "") -> dict[str, Any]:
    """Return one figure: what it is, the figure, and what is to be said with it."""
    return {"label": label, "value": value, "sub": sub, "url": url}


@register.inclusion_tag("krds/progress.html")
def progress(label: str, value: int | None, maximum: int = 100, text: str = "") -> dict[str, Any]:
    """Return how far something is; without a value: that it is under way."""
    return {"label": label, "value": value, "maximum": maximum, "text": text}


@register.inclusion_tag("krds/steps.html")
def steps(labels: Iterable[str], current: int) -> dict[str, Any]:
    """Return the steps of a task, the first being 1."""
    return {"labels": list(labels), "current": current}


@register.inclusion_tag("krds/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """Return tabs that are pages: items of `label`, `url` and `current`."""
    return {"items": list(items), "label": label}


@register.inclusion_tag("krds/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Return the way to the other pages of a list; nothing when there is only one."""
    kept = context["request"].GET.copy()
    kept.pop(parameter, None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "kept": kept.urlencode(), "parameter": parameter}


@register.inclusion_tag("krds/crumb.html")
def crumb(label: str, url: str = "") -> dict[str, Any]:
    """Return one step of the way to this page, for the block `breadcrumb`."""
    return {"label": label, "url": url}


@register.inclusion_tag("krds/search.html", takes_context=True)
def search_box(context: Context, label: str, name: str = "q", **attributes: Any) -> dict[str, Any]:
    """Return a form that searches by GET; attributes such as `hx_get` go to its field."""
    given = {key.replace("_", "-"): value for key, value in attributes.items()}
    return {"label": label, "name": name, "value": context["request"].GET.get(name, ""), "attributes": given}


@register.filter
def kind(field: BoundField) -> str:
    """Return what a field is to fill in: text, select, textarea, file, checkbox, choices ..."""
    shown = type(field.field.widget).__name__.lower()
    if shown in {"radioselect", "checkboxselectmultiple"}:
        return "choices"
    return str(getattr(field.field.widget, "input_type", "")) or shown


@register.filter
def styled(field: BoundField) -> SafeString:
    """Return a field's input with the classes of KRDS."""
    what = kind(field)
    if what in CHOICES or what == "choices":
        return field.as_widget()
    classes = [str(field.field.widget.attrs.get("class", "")), INPUTS.get(what, "krds-input medium")]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})
