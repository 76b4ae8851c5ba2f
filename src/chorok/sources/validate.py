"""Rows become lines: one SQL statement types every column and says of each row what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chorok.ledger import schema
from chorok.ledger.engines import quoted
from chorok.sources import layout
from chorok.sources.amounts import sql_amount
from chorok.sources.dates import sql_date
from chorok.sources.reading import select_from
from chorok.sources.understanding import RawTable, Understanding
from chorok.sources.values import KINDS, sql_digits, sql_flag, sql_kind

DATE_FIELDS = ("order_date", "receipt_date", "delivery_date", "payment_date")
ACCEPTED = "ok"
ASIDE = ("blank_row", "total_row", "header_row")
REASONS = {
    "date_missing": DATE_FIELDS,
    "date_bad": DATE_FIELDS,
    "amount_missing": ("amount", "amount_delta"),
    "amount_bad": ("amount", "amount_delta"),
    "change_order_bad": ("change_order",),
}
"""Reason code -> the fields whose value is at fault."""


@dataclass(frozen=True)
class Reading:
    """A raw table together with what it means and where its lines come from: all that typing it needs."""

    table: RawTable
    understanding: Understanding
    source: str
    batch: str

    @property
    def part(self) -> str:
        """The sheet or member that the table is, '' for a file of one table: equal rows on two sheets are two lines."""
        name = self.table.name
        return name[min((i for i in (name.find("#"), name.find("!")) if i >= 0), default=len(name)) :]

    def cell(self, field: str) -> str | None:
        """Return SQL for the trimmed cell of a field, NULL when blank; None when no column holds it."""
        column = self.understanding.columns.get(field)
        return None if column is None else f"c{self.table.columns.index(column)}"

    def cell_or_null(self, field: str) -> str:
        """Return SQL for a field's text, a NULL when no column holds it."""
        return self.cell(field) or "CAST(NULL AS VARCHAR)"


def amount_field(understanding: Understanding) -> str:
    """Return which field holds the money: the amount, or the difference where change orders are summed."""
    return "amount_delta" if understanding.change_orders == "sum_deltas" else "amount"


def typed(reading: Reading, *, with_rows: bool = False) -> str:
    """Return SQL that yields the purchase columns, `year`, and `reason` ('ok', a reason code, or a row kind).

    Every row of the file comes out exactly once, whatever is wrong with it. `with_rows` adds `row_no`, the raw
    cells `c0, c1, ...` and the `fault` (the text that could not be used); it costs a pass in file order.
    """
    kept = f"row_no, {', '.join(f'raw{place} AS c{place}' for place in _places(reading))}, " if with_rows else ""
    cells = _cells(reading, with_rows=with_rows)
    first = f"SELECT {kept}{_parsed(reading)}, {_row_kind(reading)} AS row_kind FROM ({cells}) AS cells"
    second = f"SELECT *, {_reason(reading)} AS reason FROM ({first}) AS parsed"
    kept = f"row_no, {', '.join(f'c{place}' for place in _places(reading))}, " if with_rows else ""
    fault = f"{_fault(reading)} AS fault, " if with_rows else ""
    return f"SELECT {kept}{fault}{_canonical(reading)}, {_YEAR} AS year, reason FROM ({second}) AS judged"


def plain_count(reading: Reading) -> str:
    """Return SQL for (lines, sum) of all data rows, told apart from `typed`: what the account is checked against."""
    money = sql_amount(reading.cell_or_null(amount_field(reading.understanding)), reading.understanding)
    return (
        f"SELECT count(*), coalesce(sum({money}), 0)::HUGEINT FROM ({_cells(reading)}) AS cells "
        f"WHERE {_row_kind(reading)} = 'line'"
    )


def _keys(reading: Reading) -> list[str]:
    return [cell for field in ("source_key", "product_id") if (cell := reading.cell(field)) is not None]


def _places(reading: Reading) -> range:
    return range(len(reading.table.columns))


def _cells(reading: Reading, *, with_rows: bool = False) -> str:
    """SQL for the cells, each trimmed once (`c0, ...`) and as written (`raw0, ...`): all else is computed from them."""
    blanks = reading.table.blanks
    cells = ", ".join(
        f"{layout.sql_cell(f'c{place}', blanks)} AS c{place}, c{place} AS raw{place}" for place in _places(reading)
    )
    kept = "row_no, " if with_rows else ""
    return f"SELECT {kept}{cells} FROM ({select_from(reading.table, numbered=with_rows)}) AS raw"


_YEAR = f"CASE WHEN reason = '{ACCEPTED}' THEN year(bought_on) ELSE 0 END::INTEGER"


def _row_kind(reading: Reading) -> str:
    """A row with a key or an identification number is a line, and costs no further look, nor the trimming for one."""
    keys = _keys(reading)
    cells = [
        layout.sql_cell(f"raw{place}", reading.table.blanks) if keys else f"c{place}" for place in _places(reading)
    ]
    keyed = f"WHEN coalesce({', '.join(keys)}, NULL) IS NOT NULL THEN 'line' " if keys else ""
    return (
        f"CASE {_header_again(reading)}{keyed}WHEN {layout.sql_blank_row(cells)} THEN 'blank_row' "
        f"WHEN {layout.sql_total_row(cells)} THEN 'total_row' ELSE 'line' END"
    )


def _header_again(reading: Reading) -> str:
    """A header that is printed again further down, as long sheets have it, names the amount where the amount is."""
    field = amount_field(reading.understanding)
    cell = reading.cell(field)
    return f"WHEN {cell} = {quoted(reading.understanding.columns[field])} THEN 'header_row' " if cell else ""


def _parsed(reading: Reading) -> str:
    understanding = reading.understanding
    money = reading.cell_or_null(amount_field(understanding))
    parts = [f"{reading.cell_or_null(field)} AS {field}" for field in _TEXT]
    parts += [
        f"{money} AS amount_text",
        f"{sql_amount(money, understanding)} AS amount",
        f"{sql_amount(reading.cell_or_null('unit_price'), understanding)} AS unit_price",
        f"{_quantity(reading.cell_or_null('quantity'))} AS quantity",
        f"{_kind(reading)} AS kind",
        f"{sql_digits(reading.cell_or_null('supplier_no'))} AS supplier_no",
        f"{reading.cell_or_null('change_order')} AS change_order_text",
        f"try_cast({reading.cell_or_null('change_order')} AS INTEGER) AS change_order",
        f"{_flag(reading.cell('final'))} AS final",
        f"{_flag(reading.cell('furnished_material'))} AS furnished_material",
        f"{_organisation(reading)} AS organisation",
        f"{_line_text(reading)} AS line_text",
    ]
    for field in DATE_FIELDS:
        cell = reading.cell(field)
        if cell is not None:
            parts += [f"{cell} AS {field}_text", f"{sql_date(cell, understanding.date_order)} AS {field}"]
    return ", ".join(parts)


_TEXT = (
    "source_key",
    "source_line",
    "department",
    "supplier_name",
    "product_id",
    "class_code",
    "detail_code",
    "item_hint",
    "description",
    "specification",
    "unit",
    "ground",
    "request",
)


def _quantity(cell: str) -> str:
    return f"coalesce(try_cast({cell} AS DECIMAL(18, 4)), try_cast(replace({cell}, ',', '') AS DECIMAL(18, 4)))"


def _flag(cell: str | None) -> str:
    return "CAST(NULL AS BOOLEAN)" if cell is None else sql_flag(cell)


def _kind(reading: Reading) -> str:
    cell, default = reading.cell("kind"), reading.understanding.kind
    return quoted(default) if cell is None else sql_kind(cell, default)


def _organisation(reading: Reading) -> str:
    """The code where there is one; else the name, behind the city it is meant in: names repeat between cities."""
    code, name = reading.cell_or_null("organisation_code"), reading.cell("organisation_name")
    scope = reading.understanding.organisation
    if name is None:
        return f"coalesce({code}, {quoted(scope) if scope else 'NULL'})"
    within = f"{quoted(scope + '/')} || {name}" if scope else name
    return f"coalesce({code}, {within}, {quoted(scope) if scope else 'NULL'})"


def _line_text(reading: Reading) -> str:
    """What identifies the line: the source's own key where there is one, else the whole raw row. NULL joins as ''."""
    if "source_key" in reading.understanding.columns:
        cells = [reading.cell_or_null(field) for field in _KEY]
    else:
        own = [index for index, name in enumerate(reading.table.columns) if not name.startswith("chorok:")]
        cells = [quoted(reading.part), *(f"c{index}" for index in own)]
    return f"concat({quoted(reading.source)}, chr(31), {', chr(31), '.join(cells)})"


_KEY = ("source_key", "source_line", "change_order")


def _reason(reading: Reading) -> str:
    dates = [field for field in DATE_FIELDS if field in reading.understanding.columns]
    texts = ", ".join(f"{field}_text" for field in dates)
    return (
        "CASE WHEN row_kind <> 'line' THEN row_kind "
        f"WHEN coalesce({texts}, NULL) IS NULL THEN 'date_missing' WHEN {_bought_on(dates)} IS NULL THEN 'date_bad' "
        "WHEN amount_text IS NULL THEN 'amount_missing' WHEN amount IS NULL THEN 'amount_bad' "
        "WHEN change_order_text IS NOT NULL AND change_order IS NULL THEN 'change_order_bad' "
        f"ELSE '{ACCEPTED}' END"
    )


def _fault(reading: Reading) -> str:
    dates = [f"{field}_text" for field in DATE_FIELDS if field in reading.understanding.columns]
    return (
        f"CASE reason WHEN 'date_bad' THEN coalesce({', '.join(dates)}, NULL) WHEN 'amount_bad' THEN amount_text "
        "WHEN 'change_order_bad' THEN change_order_text END"
    )


def _bought_on(dates: list[str]) -> str:
    """The first date that is written, in the order of rules 1.2; one that cannot be read is never passed over."""
    return "CASE " + " ".join(f"WHEN {field}_text IS NOT NULL THEN {field}" for field in dates) + " END"


def _date_kind(dates: list[str]) -> str:
    return (
        "CASE " + " ".join(f"WHEN {f}_text IS NOT NULL THEN {quoted(f.removesuffix('_date'))}" for f in dates) + " END"
    )


def _canonical(reading: Reading) -> str:
    dates = [field for field in DATE_FIELDS if field in reading.understanding.columns]
    made = {
        "line_id": hashed("line_text"),
        "batch": _word(quoted(reading.batch), [reading.batch]),
        "source": _word(quoted(reading.source), [reading.source]),
        "bought_on": _bought_on(dates),
        "date_kind": _word(_date_kind(dates), [field.removesuffix("_date") for field in DATE_FIELDS]),
        "kind": _word("kind", tuple(KINDS)),
        "currency": _word(quoted(reading.understanding.currency), [reading.understanding.currency]),
        "product_key": product_key(),
    }
    names = [field.name for field in schema.PURCHASES if field.name != "year"]
    return ", ".join(f"{made[name]} AS {name}" if name in made else name for name in names)


def _word(expression: str, words: Sequence[str]) -> str:
    """One of few words as an enumeration: Parquet then has each once, and no row of it is looked up or packed."""
    return f"({expression})::ENUM({', '.join(map(quoted, words))})"


def hashed(expression: str) -> str:
    """Return SQL for the lowest 60 bits of md5, its bytes read from the lowest up, as BIGINT (design section 3)."""
    return f"(md5_number({expression}) & {(1 << 60) - 1})::BIGINT"


def product_key() -> str:
    """Return SQL for the product key over the trimmed raw identifying columns, NULL as '', joined by U+001F."""
    return hashed(f"concat({', chr(31), '.join(schema.PRODUCT_COLUMNS)})")
