"""Papers as HWPX, the open format of Hangul (KS X 6101), with real headings and tables.

Built with python-hwpx, which checks before it hands a file out that an editor can open it. It numbers parts at random;
they are numbered anew in their order, so that equal papers give equal bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from hwpx import HwpxDocument

from chorok.publications.paper import Align, Block, Boxes, Facts, Items, Paper, Section, Table, Text

MARGIN = 15  # mm
WIDTH = round((210 - 2 * MARGIN) * 7200 / 25.4)  # of the text, in units of 1/7200 inch
LABEL, VALUE = 15, 35  # percent of the width
PALE = "#EEF0F2"
SIGNED_HEIGHT = 3700
NUMBERED = ("p", "tbl", "header", "footer")


def hwpx(paper: Paper) -> bytes:
    """Return a paper as HWPX."""
    document = HwpxDocument.new()
    day = f"{paper.day.isoformat()}T00:00:00Z"
    document.parts.clear_document_metadata()
    document.parts.set_document_metadata(title=paper.title, creator=paper.author, created_date=day, modified_date=day)
    document.parts.clear_preview()
    document.page.setup(
        paper_size="A4", margin_left_mm=MARGIN, margin_right_mm=MARGIN, margin_top_mm=MARGIN, margin_bottom_mm=MARGIN
    )
    if paper.mark:
        document.page.set_header(content=[{"align": "RIGHT", "text": paper.mark}])
    numbered = [{"text": f"{paper.foot}    "}, {"page_number": "page/total"}]
    document.page.set_footer(content=[{"align": "CENTER", "children": numbered}])
    writer = _Writer(document)
    writer.title(paper.title)
    for block in paper.blocks:
        writer.add(block)
    writer.place()
    _renumber(document)
    return document.to_bytes()


class _Writer:
    """Writes blocks into a document; how paragraphs are aligned is said at the end, once for all alike."""

    def __init__(self, document: HwpxDocument) -> None:
        self.document = document
        run = document.styles.ensure_run
        self.plain, self.bold = run(size=9), run(size=9, bold=True)
        self.heading, self.section, self.thin = run(size=17, bold=True), run(size=11, bold=True), run(size=4)
        self.placed: dict[str, list[Any]] = defaultdict(list)

    def title(self, text: str) -> None:
        """Write the title into the paragraph that a new document has."""
        first = self.document.paragraphs[0]
        first.add_run(text, char_pr_id_ref=self.heading)
        self.placed["center"].append(first)

    def add(self, block: Block) -> None:
        """Write a block."""
        match block:
            case Section(text):
                self.document.add_heading(text, 1, char_pr_id_ref=self.section)
            case Text(text):
                self._paragraph(text)
            case Items(texts):
                for number, text in enumerate(texts, 1):
                    self._paragraph(f"{number}. {text}")
            case Facts(rows):
                self._facts(rows)
            case Table():
                self._table(block)
            case Boxes():
                self._boxes(block)

    def place(self) -> None:
        """Align what was written."""
        for align, (first, *others) in self.placed.items():
            self.document.styles.apply_paragraph_format(
                paragraphs=[first], alignment=align.upper(), line_spacing_percent=130
            )
            for paragraph in others:
                paragraph.para_pr_id_ref = first.para_pr_id_ref

    def _paragraph(self, text: str) -> None:
        for part in text.split("\n"):
            made = self.document.add_paragraph(part, style="Normal", char_pr_id_ref=self.plain)
            self.placed["left"].append(made)

    def _grid(self, rows: int, widths: Sequence[int], total: int = WIDTH) -> Any:
        table = self.document.add_table(
            rows, len(widths), width=total, border_fill_id_ref=self._border(None), char_pr_id_ref=self.thin
        )
        table.set_column_widths(list(widths))
        table.set_treat_as_char(False)
        return table

    def _facts(self, rows: Iterable[Sequence[tuple[str, str]]]) -> None:
        listed = list(rows)
        table = self._grid(len(listed), (LABEL, VALUE, LABEL, VALUE))
        for number, row in enumerate(listed):
            if len(row) == 1:
                table.merge_cells(number, 1, number, 3)
        for made, row in zip(table.rows, listed, strict=True):
            flat = [(text, is_label) for pair in row for text, is_label in ((pair[0], True), (pair[1], False))]
            for cell, (text, is_label) in zip(made.cells, flat, strict=True):
                self._fill(cell, text, "left", label=is_label)

    def _table(self, block: Table) -> None:
        table = self._grid(len(block.rows) + 1, block.widths)
        table.element.set("repeatHeader", "1")
        head, *rows = table.rows
        for cell, text in zip(head.cells, block.head, strict=True):
            cell.element.set("header", "1")
            self._fill(cell, text, "center", label=True)
        for row, made in zip(block.rows, rows, strict=True):
            for cell, text, align in zip(made.cells, row, block.align, strict=True):
                self._fill(cell, text, align)

    def _boxes(self, block: Boxes) -> None:
        number = len(block.boxes)
        table = self._grid(3, (8, *(27 for _ in block.boxes)), round((8 + 27 * number) * 7200 / 25.4))
        table.set_treat_as_char(True)
        self.placed["right"].append(table.paragraph)
        table.merge_cells(0, 0, 2, 0)
        head, names, days = (row.cells for row in table.rows)
        self._fill(head[0], block.label, "center", label=True)
        for cell, (whose, _, _) in zip(head[1:], block.boxes, strict=True):
            self._fill(cell, whose, "center", label=True)
        for cell, (_, name, _) in zip(names, block.boxes, strict=True):
            cell.set_size(height=SIGNED_HEIGHT)
            self._fill(cell, name, "center")
        for cell, (_, _, day) in zip(days, block.boxes, strict=True):
            self._fill(cell, day, "center")

    def _fill(self, cell: Any, text: str, align: Align, label: bool = False) -> None:
        cell.set_text(text)
        for paragraph in cell.paragraphs:
            paragraph.char_pr_id_ref = self.bold if label else self.plain
            self.placed[align].append(paragraph)
        if label:
            cell.element.set("borderFillIDRef", self._border(PALE))

    def _border(self, fill: str | None) -> str:
        return str(self.document.styles.ensure_border_fill(border_color="#464C53", fill_color=fill))


def _renumber(document: HwpxDocument) -> None:
    """Number paragraphs, tables, heads and feet in their order; what refers to one keeps doing so."""
    numbers: dict[str, str] = {}
    following = count(1)
    for section in document.sections:
        for element in section.element.iter():
            name = str(element.tag).rpartition("}")[2]
            old = element.get("idRef" if name in ("headerApply", "footerApply") else "id")
            if old and name in NUMBERED:
                element.set("id", numbers.setdefault(old, str(next(following))))
            elif old and name in ("headerApply", "footerApply"):
                element.set("idRef", numbers[old])
