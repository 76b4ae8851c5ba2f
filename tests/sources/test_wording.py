"""Every code that this room speaks has its sentence in both languages, with the same blanks."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest

from chorok import wording
from chorok.sources import headers

ROOM = Path(str(resources.files("chorok.sources")))
OURS = (
    *("archives", "columns", "currencies", "delimited", "envelopes", "grids", "mapping", "markup"),
    *("profiles", "records", "tables", "text", "workbooks"),
)
RAISED = re.compile(r'(?:BadInputError|NeedsAnswerError)\(\s*"(\w+)"|"(note\.\w+)"')


@pytest.mark.parametrize("module", OURS)
def test_every_code_is_worded(module: str) -> None:
    found = RAISED.findall((ROOM / f"{module}.py").read_text(encoding="utf-8"))
    assert found
    for error, note in found:
        for language in wording.LANGUAGES:
            assert wording.knows(note or f"error.{error}", language), (error, note, language)


def test_the_languages_have_the_same_blanks() -> None:
    def blanks(sentence: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}

    korean, english = wording.catalogue("ko"), wording.catalogue("en")
    assert korean.keys() == english.keys()
    for code, sentence in korean.items():
        assert blanks(sentence) == blanks(english[code]), code


def test_no_header_word_means_two_fields() -> None:
    for word, guesses in headers.synonyms().items():
        assert len({guess.field for guess in guesses}) == 1, word
