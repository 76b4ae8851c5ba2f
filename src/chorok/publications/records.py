"""The files that go out with the figures of a period: the ministry's record, as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chorok.core.calendar.closing import Step
from chorok.ledger import closings
from chorok.ledger.drilldown import Wanted
from chorok.ledger.published import Published
from chorok.publications import exports

FILES = ("record.csv", "record.xlsx")


def of(published: Published, step: Step, language: str) -> Callable[[Path], None]:
    """Return what writes the files of a step that sends figures into a folder, as `closings.submit` takes it."""
    label, days = closings.period_of(step.period)
    wanted = Wanted(days, step.organisation, definition=step.definition)
    grain = "year" if len(label) == 4 else "quarter"

    def attach(folder: Path) -> None:
        for file in FILES:
            exports.write(published, "keiti", folder / file, wanted, f"{grain},organisation,item", language)

    return attach
