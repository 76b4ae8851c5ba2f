"""Acts of views that may fail in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from chorok.core.errors import ChorokError
from chorok.site.config.language import say_error

Result = TypeVar("Result")


def attempted(request: HttpRequest, act: Callable[[], Result]) -> tuple[Result] | None:
    """Carry out an act without a form; an error is said on the next page, and None returned."""
    try:
        return (act(),)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return None


def filled(form: Form, act: Callable[..., Result]) -> tuple[Result] | None:
    """Carry out an act with what a form holds; None when it does not hold, or when the act says why it cannot be."""
    if not form.is_valid():
        return None
    try:
        return (act(**form.cleaned_data),)
    except ChorokError as error:
        form.add_error(None, say_error(error))
        return None
