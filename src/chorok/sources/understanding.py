"""What was understood of a file: where its table lies and what its columns mean. Saved as a profile (TOML)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chorok.sources.blanks import BLANKS

DateOrder = Literal["ymd", "dmy", "mdy"]

FIELDS = (
    "source_key",
    "source_line",
    "order_date",
    "receipt_date",
    "delivery_date",
    "payment_date",
    "organisation_code",
    "organisation_name",
    "department",
    "kind",
    "supplier_no",
    "supplier_name",
    "product_id",
    "class_code",
    "detail_code",
    "item_hint",
    "description",
    "specification",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "amount_delta",
    "currency",
    "furnished_material",
    "change_order",
    "final",
    "ground",
    "request",
)
"""Everything a column of a purchase file may mean. The four dates are tried in this order for `bought_on`."""


@dataclass(frozen=True)
class RawTable:
    """One table of a received file, ready for DuckDB, every value still text.

    `path` is UTF-8 CSV (`format='csv'`: the received file itself where it already was UTF-8, else a transcoded
    copy) or Parquet (`format='parquet'`: workbooks, HTML, XML, JSON). `columns` are the header names, unique, in
    file order; a header over two rows is joined with a space. For CSV, `skip` lines are preamble and header,
    and DuckDB reads the rest with `delimiter` and `quote`. For Parquet the first column is `row_no` (BIGINT,
    1-based row in the sheet, or record in JSON), followed by `columns`, all VARCHAR, data rows only.
    """

    name: str  # file name, with '#sheet' or '!member' where there are several
    path: Path
    format: Literal["csv", "parquet"]
    columns: tuple[str, ...]
    skip: int = 0
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"  # of the received bytes, for the record
    blanks: str = BLANKS  # those that may stand around a cell
    unit_notes: tuple[tuple[str, str], ...] = ()  # (where, note as written), e.g. ('row 2', '단위: 천원')
    preamble: tuple[str, ...] = ()
    sample: tuple[tuple[str | None, ...], ...] = ()  # up to 2,000 data rows, for understanding
    notes: tuple[tuple[str, dict[str, str]], ...] = ()  # (wording code, params) on how the file was opened


@dataclass(frozen=True)
class Understanding:
    """What the columns of one table mean, and how its values are written."""

    columns: dict[str, str]  # field -> column name of the raw table
    date_order: DateOrder = "ymd"
    date_order_evidence: str = "written"  # written | decided_by_values | assumed | profile
    multiplier: int = 1  # smallest currency units in one unit of the amount column, e.g. 1000 for 천원
    currency: str = "KRW"
    decimals: int = 0  # decimals the currency has: 0 for KRW, 2 for USD, GBP
    decimal_comma: bool = False
    change_orders: Literal["none", "final_row", "sum_deltas"] = "none"
    kind: str = "goods"  # when no column says
    organisation: str | None = None  # when no column says, or to resolve names within a city: its code
    unit_note: str | None = None
    vat: Literal["included", "excluded", "unknown"] = "unknown"
    unmapped: tuple[str, ...] = ()  # columns that mean nothing to us and are dropped
    notes: tuple[tuple[str, dict[str, str]], ...] = field(default=())  # (wording code, params) to show a person


@dataclass(frozen=True)
class Profile:
    """A saved understanding of one source (TOML). Fixes what otherwise is found by looking."""

    name: str
    version: int
    understanding: Understanding
    title_ko: str = ""
    title_en: str = ""
    matches: tuple[str, ...] = ()  # column names that must all be there for the profile to apply by itself
    ignored: tuple[str, ...] = ()  # column names that are left unread whatever they seem to mean
