"""The documents of screening as files: PDF and HWPX, the same bytes for the same document."""

from __future__ import annotations

from pathlib import Path

from chorok.core.errors import UsageError
from chorok.publications import hwpx as hangul
from chorok.publications import typeset
from chorok.publications.screening_documents import Clause, Document
from chorok.publications.screening_layout import condition, design, paper, speaker
from chorok.wording import Language

ENDINGS = (".pdf", ".hwpx")


def pdf(document: Document, language: Language) -> bytes:
    """Return a document as PDF. Raises UsageError fonts_missing where no typeface has Hangul."""
    return typeset.pdf(paper(document, language))


def hwpx(document: Document, language: Language) -> bytes:
    """Return a document as HWPX, the open format of Hangul (KS X 6101)."""
    return hangul.hwpx(paper(document, language))


def clause_texts(clause: Clause, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sentences of a contract condition and those for the design, to be shown and copied."""
    return condition(clause, speaker(language)), design(clause, speaker(language))


def check(file: Path) -> None:
    """Raise UsageError document_ending for a file whose ending is none of `ENDINGS`."""
    if file.suffix.lower() not in ENDINGS:
        raise UsageError("document_ending", file=file, known=", ".join(ENDINGS))


def write(file: Path, document: Document, language: Language) -> None:
    """Write a document to a file, by its ending: whole or not at all. Raises UsageError as `check` and `pdf` do."""
    check(file)
    made = (pdf if file.suffix.lower() == ".pdf" else hwpx)(document, language)
    draft = file.with_name(file.name + ".draft")
    try:
        draft.write_bytes(made)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
