"""Published reports read as data: `read` takes text, Markdown, TOML, JSON or a workbook."""

from __future__ import annotations

from pathlib import Path

from chorok.core.checks.report import Report
from chorok.sources.reports.prose import read_lines


def read(path: Path) -> Report:
    """Return what a published report says."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return read_lines(path.name, [(str(number), line.rstrip("\r")) for number, line in enumerate(lines, 1)])
