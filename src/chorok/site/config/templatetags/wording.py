"""`{% say "code" n=3 %}`: sentences of the catalogue in templates."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from chorok import wording
from chorok.site.config import language, written

register = template.Library()
register.filter("unit", written.unit_of)
register.filter(written.with_unit)
register.filter(written.moment)


@register.simple_tag
def say(code: str, /, **params: object) -> SafeString:
    """Return the sentence of a code in the page's language; what fills its blanks is escaped."""
    escaped = {name: conditional_escape(value) for name, value in params.items()}  # type: ignore[arg-type]
    return mark_safe(wording.say(code, language.current(), **escaped))  # noqa: S308 - the catalogue is ours


@register.filter
def said(code: str, prefix: str = "") -> str:
    """Return the sentence of a code that is made up of a prefix and a value: `{{ role|said:"site.role." }}`."""
    return wording.say(f"{prefix}{code}", language.current())
