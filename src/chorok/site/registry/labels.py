"""Reads of labels: what each stands for, and what one may stand for."""

from __future__ import annotations

from typing import Any

from chorok.core import definitions
from chorok.core.matching.labels import NONE
from chorok.site.registry.selectors import Known
from chorok.site.registry.templatetags.registry import basis_name


def listed(known: Known, *, open_only: bool) -> list[dict[str, Any]]:
    """Return labels, most often seen first; with `open_only` those that wait for a person."""
    rows = known.registry.labels().to_pylist()
    return [{**row, "source": row["first_source"]} for row in rows if not (open_only and row["basis"])]


def choices(known: Known) -> list[tuple[str, str]]:
    """Return the bases that a label may stand for: those of all definitions, those in use, and none."""
    defined = {basis for name in definitions.names() for basis in definitions.load(name).basis_names()}
    bases = sorted((defined | set(known.catalogue.bases)) - {NONE}, key=basis_name)
    return [*((basis, basis_name(basis)) for basis in bases), (NONE, basis_name(NONE))]
