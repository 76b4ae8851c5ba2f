"""Sentences for people, in Korean and English. All other rooms speak in codes and parameters."""

from __future__ import annotations

import functools
import locale
import os
import tomllib
from importlib import resources
from typing import Literal

from chorok.core.errors import ChorokError
from chorok.wording import particles

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")


@functools.cache
def catalogue(language: Language) -> dict[str, str]:
    """Return code -> sentence of one language, read from every TOML file of its folder.

    A file `sources.toml` with table `[reject]` and key `amount_bad` gives the code `reject.amount_bad`.
    Raises ValueError when two files give the same code.
    """
    sentences: dict[str, str] = {}
    for entry in sorted(resources.files(__package__).joinpath(language).iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            for code, sentence in _flatten(tomllib.loads(entry.read_text(encoding="utf-8"))):
                if code in sentences:
                    raise ValueError(f"{entry.name}: {code} is worded twice")
                sentences[code] = sentence
    return sentences


def _flatten(table: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, str(value)))
    return pairs


def say(code: str, language: Language, /, **params: object) -> str:
    """Return the sentence for a code, its blanks filled. An unknown code is a KeyError: tests look for it."""
    said = catalogue(language)[code].format(**params)
    return particles.settled(said) if language == "ko" else said


def knows(code: str, language: Language) -> bool:
    """Tell whether a code has a sentence."""
    return code in catalogue(language)


def say_error(error: ChorokError, language: Language) -> str:
    """Return the sentence of an error: what, where, why, and how to mend it."""
    return say(f"error.{error.code}", language, **error.params)


def language_of(wish: str | None = None) -> Language:
    """Return the language to speak: the wish, else CHOROK_LANG, else the locale, else English."""
    spoken = wish or os.environ.get("CHOROK_LANG") or _locale()
    return "ko" if spoken.lower().startswith("ko") else "en"


def _locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return locale.getlocale()[0] or "en"
