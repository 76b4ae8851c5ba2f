"""Tables of figures: what each number is, from the words above it and before it."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chorok.core.checks.report import Parts, Place, Printed, Rate, ShareRow
from chorok.sources import units
from chorok.sources.reports import grid
from chorok.sources.reports.grid import Row
from chorok.sources.reports.outline import Node
from chorok.sources.reports.words import cell_number, years

Quantity = Literal["total", "green", "share"]

_SHARE = re.compile(
    r"\b(?:share|rates?|ratio|percentage|percent|proportion)\b|%|구매율|구매비율|비율|비중|율$", re.IGNORECASE
)
_GREEN = re.compile(r"\bgreen\b|\beco|녹색|친환경", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal\b|\boverall\b|총|전체|\bexpen|\bspend|구매\s?금?액|\bamount", re.IGNORECASE)
_TARGET = re.compile(r"\b(?:target|goal|aim|plan)(?:s|ned)?\b|목표|계획", re.IGNORECASE)
_RESULT = re.compile(
    r"\b(?:results?|actual|achieved|performance|outcome|base(?:line)?)\b|실적|결과|기준", re.IGNORECASE
)
_DERIVED = re.compile(r"change|growth|increase|attain|achievement|compared|gap|증감|증가|달성|대비|차이", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"organi[sz]ation|institution|agency|district|city|member|기관|지자체|시군|구군|자치구|도시", re.IGNORECASE
)
_ITEM = re.compile(r"\bitem|\bproduct|\bgoods\b|품목|제품군|품명", re.IGNORECASE)
_ALL = re.compile(
    r"(?:grand )?total\b|overall|\ball\b|(?:total|overall|green).*(?:rate|share)"
    r"|(?:총|합)?\s?계$|전체|총괄|(?:녹색제품\s?)?(?:총\s?)?구매율$",
    re.IGNORECASE,
)
_SUM = re.compile(r"sum|total|average|mean|(?:총|합|소)?\s?계|평균", re.IGNORECASE)
_ADDED = re.compile(r"(?:총|합)?\s?계", re.IGNORECASE)
_ADDED_LAST = re.compile(r"(?:grand )?total|sum", re.IGNORECASE)
"""Words of a row that adds up the others. In English such a row may also stand first, above some of its parts."""
_SUBTOTAL = re.compile(r"sub-?total|소\s?계", re.IGNORECASE)
_NETWORK = re.compile(r"\bnetwork|네트워크|참여\s?(?:도시|지자체)\s?(?:전체|계|합계)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:(?:item|품목)\s?\d{1,2}\s?[:.)]?|\d{1,2}\s?[.)])\s?", re.IGNORECASE)
_AMOUNT = re.compile(r"purchas|expen|spend|procure|amount|금액|구매액|구매\s?실적", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """What stands around a table: its name, its caption, the note on units, and the report's organisation and year."""

    name: str
    caption: str
    unit: str
    organisation: str
    year: int | None


@dataclass
class Figures:
    """What the tables of a report hold, and what of them was not understood."""

    shares: list[ShareRow]
    rates: list[Rate]
    item_shares: list[ShareRow]
    network_shares: list[ShareRow]
    parts: list[Parts]
    unread: list[Place]

    @classmethod
    def none(cls) -> Figures:
        """Return figures without anything in them."""
        return cls([], [], [], [], [], [])


@dataclass(frozen=True)
class Cell:
    """A number with all that is known of it."""

    number: Printed
    entity: str
    of_items: bool
    year: int | None
    quantity: Quantity | None
    kind: Literal["result", "target"] | None
    row: Row
    head: str


def read_table(node: Node, setting: Setting, into: Figures) -> None:
    """Add the figures of a table. A table without figures adds nothing; one not understood becomes a place unread."""
    if not grid.looks_like_figures(node.rows) and not _short_but_clear(node.rows):
        return
    head, body = grid.header_and_body(node.rows)
    noted = setting.unit or next(iter(units.notes_in(f"{setting.caption} {' '.join(head)}")), "")
    setting = replace(setting, unit=noted)
    cells = list(_cells(head, body, setting, into))
    before = _count(into)
    if setting.unit.strip() != "%" and any(cell.quantity in ("total", "green") for cell in cells):
        _add_shares(cells, setting, into)
        into.parts += _sums(cells, setting)
    elif _are_rates(cells, setting):
        _add_rates(cells, head, setting, into)
    if _count(into) == before:
        into.unread.append(Place(node.line, setting.caption or " | ".join(node.rows[0].cells)))


def _are_rates(cells: Sequence[Cell], setting: Setting) -> bool:
    """Tell whether a table without amounts says somewhere that its figures are rates, and gives each once."""
    keys = [(cell.entity, cell.year, cell.kind or "result") for cell in cells]
    told = any(cell.quantity == "share" or cell.kind for cell in cells)
    return len(keys) == len(set(keys)) and (told or "%" in setting.unit or quantity_of(setting.caption) == "share")


def _short_but_clear(rows: Sequence[Row]) -> bool:
    """Tell whether a table of one row of figures has header words that name them."""
    head, body = grid.header_and_body(rows)
    return len(body) == 1 and sum(bool(quantity_of(cell) or kind_of(cell)) for cell in head) > 1


def _count(figures: Figures) -> int:
    return sum(
        len(part)
        for part in (figures.shares, figures.rates, figures.item_shares, figures.network_shares, figures.unread)
    )


def quantity_of(words: str) -> Quantity | None:
    """Return what an amount or a rate under these words is of: everything bought, what was green, or the share."""
    bare = re.sub(r"\([^()]*\)", lambda note: "%" if "%" in note[0] else "", words)
    if _DERIVED.search(bare):
        return None
    if _SHARE.search(bare):
        return "share"
    if _GREEN.search(bare):
        return "green"
    return "total" if _TOTAL.search(bare) else None


def kind_of(words: str) -> Literal["result", "target"] | None:
    """Return whether a rate under these words is a target or a result, None when they do not say."""
    if _DERIVED.search(words):
        return None
    if _TARGET.search(words):
        return "target"
    return "result" if _RESULT.search(words) else None


def _year_of(words: str) -> int | None:
    named = years(words)
    short = re.search(r"'(\d\d)(?!\d)", words)
    return named[0] if len(named) == 1 else 2000 + int(short[1]) if short and not named else None


def _cells(head: Sequence[str], body: Sequence[Row], setting: Setting, into: Figures) -> Iterator[Cell]:
    order = _ordinal(head, body)
    year_at = next((at for at in range(len(head)) if _holds_years(head[at], [row.cells[at] for row in body])), None)
    entity_at = _entity_column(head, body, {order, year_at})
    of_items = (entity_at is not None and bool(_ITEM.search(head[entity_at]))) or _names_items(body, entity_at)
    by_rows = _names_quantities(body, entity_at)
    entity, unknown = "", set()
    for row in body:
        if year_at is not None and _SUM.fullmatch(row.cells[year_at].strip()):
            into.unread.append(row.place())  # of several years: no figure of one of them
            continue
        labels = [
            cell
            for at, cell in enumerate(row.cells)
            if at not in (order, year_at) and cell and cell_number(cell, grid.NOWHERE) is None and cell not in "-–"
        ]
        entity = (row.cells[entity_at] if entity_at is not None else "") or entity
        for at, cell in enumerate(row.cells):
            if at in (order, year_at, entity_at) or not cell.strip() or (cell in labels and not _numeric(cell)):
                continue
            number = cell_number(cell, row.place())
            year = _year_of(row.cells[year_at]) if year_at is not None else None
            made = number and _cell(number, row, head[at], labels, entity, of_items, year, by_rows, setting)
            if made:
                yield made
            elif _numeric(cell) and at not in unknown:
                unknown.add(at)
                into.unread.append(Place(row.where, f"{head[at]}: {cell}"))


def _cell(
    number: Printed,
    row: Row,
    head: str,
    labels: Sequence[str],
    entity: str,
    of_items: bool,
    year: int | None,
    by_rows: bool,
    setting: Setting,
) -> Cell | None:
    beside = " ".join(labels)
    if _DERIVED.search(head) or (labels and _DERIVED.search(labels[-1]) and not kind_of(head)):
        return None
    year = year or _year_of(head) or _year_of(beside) or _year_of(setting.caption) or setting.year
    told = by_rows or _SHARE.search(beside) or _AMOUNT.search(beside)
    quantity = quantity_of(head) or (quantity_of(beside) if told else None)
    kind = kind_of(head) or kind_of(beside)
    return Cell(number, entity, of_items, year, quantity, kind, row, head)


def _numeric(cell: str) -> bool:
    return any(sign.isdigit() for sign in cell) and not any(sign.isalpha() for sign in cell)


def _holds_years(head: str, cells: Sequence[str]) -> bool:
    written = [cell for cell in cells if cell.strip() and not _SUM.fullmatch(cell.strip())]
    return bool(written) and all(grid.is_year(cell) for cell in written)


def _ordinal(head: Sequence[str], body: Sequence[Row]) -> int | None:
    """Return the column that only numbers the rows."""
    numbers = [str(number) for number in range(1, len(body) + 1)]
    first = [re.sub(r"\D", "", row.cells[0]) if _numeric(row.cells[0]) else "" for row in body]
    return 0 if first == numbers and len(head) > 1 and quantity_of(head[0]) is None else None


def _entity_column(head: Sequence[str], body: Sequence[Row], taken: set[int | None]) -> int | None:
    wordy = [
        at
        for at in range(len(head))
        if at not in taken and any(row.cells[at].strip() and not _numeric(row.cells[at]) for row in body)
        and not any(grid.is_figure(row.cells[at]) for row in body)
    ]  # fmt: skip
    named = [at for at in wordy if _ITEM.search(head[at]) or _ORGANISATION.search(head[at])]
    return next(iter([*named, *wordy]), None)


def _names_items(body: Sequence[Row], entity_at: int | None) -> bool:
    return entity_at is not None and any(
        re.match(r"(?:item|품목)\s?\d", row.cells[entity_at], re.IGNORECASE) for row in body
    )


def _names_quantities(body: Sequence[Row], entity_at: int | None) -> bool:
    """Tell whether rows are quantities: 'Total', 'of which green'. One such word alone may name an item."""
    named = {quantity_of(row.cells[entity_at]) for row in body} if entity_at is not None else set()
    return {"total", "green"} <= named and len(body) <= len(named) + 1


def _is_measure(entity: str) -> bool:
    """Tell whether the words before a row name a quantity rather than somebody or an item."""
    return quantity_of(entity) is not None or kind_of(entity) is not None or grid.is_year(entity)


def _add_shares(cells: Sequence[Cell], setting: Setting, into: Figures) -> None:
    rows: dict[tuple[str, int, int], dict[Quantity, Printed]] = defaultdict(dict)
    of_items: dict[str, bool] = {}
    for cell in cells:
        whole = not cell.entity or _is_measure(cell.entity) or _ALL.match(cell.entity)
        entity = "" if whole and not _NETWORK.search(cell.entity) else cell.entity
        of_items[entity] = cell.of_items and bool(entity)
        if cell.year is None or cell.quantity is None:
            into.unread.append(Place(cell.row.where, f"{cell.row.place().quote}: {cell.number.text}"))
        else:
            turn = next(turn for turn in itertools.count() if cell.quantity not in rows[entity, cell.year, turn])
            rows[entity, cell.year, turn][cell.quantity] = cell.number
    for (entity, year, _), found in rows.items():
        if not found:
            continue
        row = _share_row(entity, year, found, of_items[entity], setting)
        network = _NETWORK.search(entity) or (not entity and _NETWORK.search(setting.caption))
        (into.item_shares if row.item else into.network_shares if network else into.shares).append(row)


def _sums(cells: Sequence[Cell], setting: Setting) -> Iterator[Parts]:
    """Yield the amounts that a row adds up, by year: nothing where subtotals stand among them."""
    if any(_SUBTOTAL.search(cell.entity) for cell in cells):
        return
    for year, quantity in dict.fromkeys((cell.year, cell.quantity) for cell in cells):
        column = [cell for cell in cells if (cell.year, cell.quantity) == (year, quantity) and cell.entity]
        added = [cell for cell in column if _ADDED.fullmatch(cell.entity.strip())]
        added = added or [cell for cell in column[-1:] if _ADDED_LAST.fullmatch(cell.entity.strip())]
        parts = [cell.number for cell in column if cell not in added and not _NETWORK.search(cell.entity)]
        if quantity in ("total", "green") and len(added) == 1 and len(parts) > 1:
            name = ", ".join(filter(None, (setting.name, str(year or ""), added[0].head)))
            yield Parts(name, tuple(parts), added[0].number, added[0].row.place(), rounded=True)


def _share_row(entity: str, year: int, found: dict[Quantity, Printed], of_item: bool, setting: Setting) -> ShareRow:
    item = _NUMBERED.sub("", entity) if of_item else None
    name = setting.organisation if of_item or not entity else entity
    figures = (found.get("total"), found.get("green"), found.get("share"))
    unit = ", ".join(part.strip() for part in setting.unit.split(",") if part.strip() != "%")
    return ShareRow(setting.name, name, year, *figures, unit=unit, item=item)


def _add_rates(cells: Sequence[Cell], head: Sequence[str], setting: Setting, into: Figures) -> None:
    of_organisations = bool(head and any(_ORGANISATION.search(words) for words in head))
    targets = any(cell.kind == "target" for cell in cells)
    for cell in cells:
        if cell.year is None:
            into.unread.append(Place(cell.row.where, f"{cell.row.place().quote}: {cell.number.text}"))
        elif of_organisations and not targets and not cell.of_items:
            network = _NETWORK.search(cell.entity)
            row = _share_row(cell.entity, cell.year, {"share": cell.number}, False, setting)
            (into.network_shares if network else into.shares).append(row)
        else:
            into.rates.append(Rate(setting.name, item_of(cell.entity), cell.year, cell.kind or "result", cell.number))


def item_of(words: str) -> str | None:
    """Return the item that words before a rate name ('Item 1: Chairs' -> 'Chairs'); None for the total."""
    bare = _NUMBERED.sub("", words).strip()
    return None if not bare or _ALL.match(bare) or _is_measure(bare) else bare


def caption_of(before: Sequence[Node]) -> tuple[str, str, str]:
    """Return (label, words, unit) of the captions and notes right before a table."""
    label = words = unit = ""
    for node in reversed(before):
        if node.kind == "table":
            break
        found = re.match(r"\W*(table|표)\s?\.?\s?(\d+(?:-\d+)?)\W*(.*)$", node.text, re.IGNORECASE)
        noted = re.search(r"(?:units?|단\s?위)\s*:\s*([^)\]]+)", node.text, re.IGNORECASE)
        if noted and not unit:
            unit = noted[1].strip()
        if found and not label:
            label = f"{found[1].capitalize()} {found[2]}"
            words = re.sub(rf"\s*\(?{re.escape(noted[0])}\)?", "", found[3]) if noted else found[3]
        if label and unit:
            break
    return label, words, unit
