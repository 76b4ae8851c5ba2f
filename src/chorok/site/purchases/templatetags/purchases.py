"""How states, amounts and notes of imports are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from chorok import wording
from chorok.core.errors import ChorokError
from chorok.core.money import written
from chorok.site.config import language
from chorok.site.config.language import say, say_error
from chorok.site.config.templatetags.look import badge as krds_badge
from chorok.site.config.written import with_unit
from chorok.site.purchases.models import State
from chorok.site.purchases.rejected import Row

register = template.Library()

TONES = {
    State.READY: "warn",
    State.FAILED: "bad",
    "posted": "good",
    "withdrawn": "plain",
}
"""How states look; all others are under way."""


@register.filter
def state_badge(state: str) -> SafeString:
    """Return a state as a badge, readable without colour."""
    look = krds_badge(say(f"site.purchases.state.{state}"), TONES.get(state, "info"))
    return render_to_string("krds/badge.html", look)


@register.filter
def named(code: str, names: Mapping[str, str]) -> str:
    """Return the name of an organisation, its code when it has none."""
    return names.get(code, code)


@register.filter
def as_written(name: str | None) -> str:
    """Return an organisation as its file writes it, without the scope that was put before it."""
    return (name or "").rpartition("/")[2] or "\N{EN DASH}"


@register.filter
def money(amount: object, currency: str) -> str:
    """Return an amount of smallest units as people write it, with its currency."""
    return with_unit(written(int(str(amount)), currency), currency)


@register.filter
def rejected_lines(table: Mapping[str, Any]) -> int:
    """Return how many lines of a table would be rejected."""
    return sum(lines for lines, _ in table.get("rejected", {}).values())


@register.filter
def period(table: Mapping[str, Any]) -> str:
    """Return the days from which to which a table has purchases."""
    return f"{table['since']} ~ {table['until']}" if table.get("since") else "\N{EN DASH}"


@register.simple_tag
def said_error(code: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a kept error, as a page says it where that is not what the command line says."""
    return say_error(ChorokError(code, **params))


@register.simple_tag
def said_note(code: str, params: Mapping[str, Any]) -> str:
    """Return a note on how a table was read, fields and orders by their names."""
    key = code if wording.knows(code, language.current()) else f"note.{code}"
    return say(key, **{name: _worded(name, str(value)) for name, value in params.items()})


def _worded(name: str, value: str) -> str:
    if name in {"field", "kind"} and wording.knows(f"field.{value}", language.current()):
        return say(f"field.{value}")
    return say(f"map.order.{value}") if name == "order" else value


@register.simple_tag
def import_steps() -> list[str]:
    """Return the steps of an import."""
    return [say(f"site.purchases.step.{code}") for code in ("file", "check", "done")]


@register.filter
def reject_reason(code: str) -> str:
    """Return why a row was rejected."""
    return say(f"reject.{code}.reason")


@register.filter
def reject_remedy(code: str) -> str:
    """Return how a row is mended."""
    return say(f"site.purchases.remedy.{code}")


@register.filter
def summary(row: Row) -> str:
    """Return the cells beside those to be mended, in one line."""
    return " \N{MIDDLE DOT} ".join(cell.text for cell in row.others if cell.text)


@register.filter
def unit_shown(table: Mapping[str, Any]) -> str:
    """Return what 1 in the amount column stands for."""
    read = table["understanding"]
    return f"{read['multiplier'] // 10 ** read['decimals']:,} {read['currency']}"
