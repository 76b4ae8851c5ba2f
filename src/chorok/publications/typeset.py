"""Papers as PDF, set by Typst: tagged, in its language, with its typefaces inside (PDF/UA-1).

The paper goes in as JSON and is never taken for markup; no clock is asked, so equal papers give equal bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from importlib import resources
from typing import Any

import typst

from chorok.publications import typefaces
from chorok.publications.paper import Paper, code

compiled: Any = typst.compile  # its stubs cannot be called with a dictionary


def pdf(paper: Paper) -> bytes:
    """Return a paper as PDF. Raises UsageError fonts_missing."""
    made: bytes = compiled(**_given(paper), format="pdf", pdf_standards="ua-1")
    return made


def pictures(paper: Paper, dots: int = 80) -> list[bytes]:
    """Return the pages as PNG, at `dots` an inch. Raises UsageError fonts_missing."""
    made: bytes | list[bytes] = compiled(**_given(paper), format="png", ppi=dots)
    return made if isinstance(made, list) else [made]


def _given(paper: Paper) -> dict[str, Any]:
    return {
        "input": resources.files(__package__).joinpath("paper.typ").read_bytes(),
        "font_paths": typefaces.fonts(),
        "sys_inputs": {"paper": _data(paper), "families": json.dumps(typefaces.families())},
    }


def _data(paper: Paper) -> str:
    """The paper as JSON. A character that no typeface holds would stop a PDF/UA: it is written as its code."""
    written = json.dumps(asdict(paper), ensure_ascii=False, default=_parts)
    lacking = {one for one in set(written) if ord(one) not in typefaces.held() and one not in "\u200b\ufeff"}
    return re.sub(f"[{re.escape(''.join(sorted(lacking)))}]", code, written) if lacking else written


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
