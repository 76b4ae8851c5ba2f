"""The gallery: every component on one page, to be looked at and tested."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chorok.site.accounts.rights import public
from chorok.site.config.language import say


def _text(name: str, code: str) -> str:
    return say(f"site.look.gallery.{name}.{code}")


class GalleryForm(forms.Form):
    """One field of each kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _text("field", name)
        self.fields["name"].help_text = _text("field", "name_help")
        choices = [(code, _text("choice", code)) for code in ("goods", "works", "service")]
        for name in ("sort", "one", "several"):
            self.fields[name].widget.choices = choices

    name = forms.CharField(max_length=40)
    number = forms.IntegerField(required=False)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sort = forms.CharField(widget=forms.Select(choices=[]))
    one = forms.CharField(widget=forms.RadioSelect(choices=[]))
    several = forms.CharField(required=False, widget=forms.CheckboxSelectMultiple(choices=[]))
    agree = forms.BooleanField()
    remark = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(required=False)


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component, a form with errors among them."""
    for level in (messages.INFO, messages.SUCCESS, messages.WARNING, messages.ERROR):
        messages.add_message(request, level, _text("message", messages.DEFAULT_TAGS[level]))
    rows = [
        (_text("item", "asphalt"), 84_000_000, "61.2%", "good", _text("state", "green")),
        (_text("item", "chair"), 3_120_000, "12.0%", "bad", _text("state", "not_green")),
        (_text("item", "pipe"), 910_500, "–", "warn", _text("state", "undetermined")),
    ]
    bad = GalleryForm({"name": "x" * 41, "number": "y"})
    bad.add_error(None, say("site.look.mended"))
    context = {
        "rows": rows,
        "wrong": bad,
        "form": GalleryForm(prefix="new"),
        "page": Paginator(range(200), 10).get_page(request.GET.get("page", 7)),
        "steps": [_text("step", code) for code in ("drop", "check", "done")],
        "tabs": [
            {"label": _text("tab", "share"), "url": "?tab=share", "current": True},
            {"label": _text("tab", "items"), "url": "?tab=items", "current": False},
        ],
    }
    return render(request, "krds/gallery.html", context)
