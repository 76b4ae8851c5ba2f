"""Tables for people: never a number cut off, never a column lost, however narrow the terminal is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

FOLDED = 12
"""Text of a left column may be folded, but to no less than this."""


@dataclass(frozen=True)
class Sheet:
    """Headings and cells as text, and which columns stand at the right: those are numbers and stay in one piece."""

    heads: Sequence[str]
    right: Sequence[bool]
    rows: Sequence[Sequence[str]]
    title: str = ""

    def least(self) -> int:
        """Return the width below which something would be lost."""
        return sum(self._width(place) for place in range(len(self.heads))) + 3 * len(self.heads) - 1

    def _width(self, place: int) -> int:
        texts = [*self.heads[place].split("\n"), *(row[place] for row in self.rows)]
        if self.right[place]:
            return max(map(cell_len, texts))
        return min(FOLDED, max(cell_len(word) for text in texts for word in text.split() or [""]))

    def broken(self) -> Sheet:
        """Return it with headings over several lines."""
        return Sheet([head.replace(" ", "\n") for head in self.heads], self.right, self.rows, self.title)

    def table(self) -> Table:
        """Return it as a table of rich."""
        table = Table(title=self.title or None, title_justify="left", header_style="bold", pad_edge=False)
        for head, right in zip(self.heads, self.right, strict=True):
            side: Literal["left", "right"] = "right" if right else "left"
            table.add_column(head, justify=side, overflow="fold", no_wrap=right)
        for row in self.rows:
            table.add_row(*row)
        return table


def show(sheet: Sheet, console: Console) -> None:
    """Print a table; where the terminal is too narrow, with broken headings, else each row as a list of its own."""
    if not console.is_terminal:
        console.width = max(console.width, sheet.least())
    for form in (sheet, sheet.broken()):
        if form.least() <= console.width:
            console.print(form.table())
            return
    _lists(sheet, console)


def _lists(sheet: Sheet, console: Console) -> None:
    widest = max(map(cell_len, sheet.heads))
    if sheet.title:
        console.print(sheet.title, markup=False)
    for row in sheet.rows:
        for head, cell in zip(sheet.heads, row, strict=True):
            console.print(f"{head}{' ' * (widest - cell_len(head))}  {cell}", markup=False)
        console.print()
