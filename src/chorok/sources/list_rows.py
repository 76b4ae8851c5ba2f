"""SQL that turns the rows of a known list into typed rows with, where one cannot be used, the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from chorok.ledger.engines import identifier, quoted
from chorok.ledger.schema import REGISTRY
from chorok.sources.amounts import sql_amount
from chorok.sources.dates import sql_date
from chorok.sources.headers import normalise
from chorok.sources.known_lists import ListFormat
from chorok.sources.understanding import RawTable, Understanding

CODES = ("product_id", "class_code", "detail_code")
DIGITS = ("supplier_no",)
LAST_DAYS = ("valid_until", "contract_until", "standard_until")
BLANKS = " \t\r\n\u00a0\u3000"
YES = "('y','yes','true','1','o','예','여','의무')"
NO = "('n','no','false','0','x','아니오','부','')"


def typed(table: RawTable, form: ListFormat, source: str) -> str:
    """Return SQL over `source` (row_no, c0, c1 ...): `row_no`, `labelled`, `raw_<field>` texts, and the typed fields.

    `labelled` are all label texts of the row. A text that cannot be read is NULL in the field, not in `raw_<field>`.
    """
    raw = _raw(table, form)
    texts = ", ".join(f"{sql} AS raw_{name}" for name, sql in raw.items())
    schema = REGISTRY[form.table]
    values = ", ".join(f"{_value(form, schema.field(name))} AS {identifier(name)}" for name in raw)
    fixed = "".join(f", {_literal(value)} AS {identifier(name)}" for name, value in form.fixed.items())
    labelled = _labelled(table, form)
    return f"SELECT *, {values}{fixed} FROM (SELECT row_no, {labelled} AS labelled, {texts} FROM {source})"


def _labelled(table: RawTable, form: ListFormat) -> str:
    headers = [*form.label_columns, *([form.basis_column] if form.basis_column else [])]
    cells = [sql for header in headers if (sql := column_of(table, header))]
    return f"concat_ws(',', {', '.join(cells)})" if cells else "NULL::VARCHAR"


def faults(table: RawTable, form: ListFormat) -> list[tuple[str, str, str]]:
    """Return (condition, reason, field) of what makes a typed row unusable, in the order in which it is told."""
    present, schema = _raw(table, form), REGISTRY[form.table]
    bad = [
        (f"{identifier(name)} IS NULL AND NOT {_empty(name)}", reason, name)
        for name in present
        if (reason := _reason(schema.field(name).type))
    ]
    needed = " AND ".join(f"raw_{name} IS NULL" for name in form.needs if name in present)
    return [*([(needed, "nothing_to_know_by", form.needs[0])] if needed else []), *bad, *_swapped(present)]


def header_of(table: RawTable, form: ListFormat, name: str) -> str:
    """Return the header under which a field stands in the table, for telling people where to look."""
    wanted = [*form.headers(name), *form.joined.get(name, []), *([form.basis_column] if form.basis_column else [])]
    seen = {normalise(column): column for column in table.columns}
    return next((seen[normalise(header)] for header in wanted if normalise(header) in seen), name)


def column_of(table: RawTable, header: str) -> str | None:
    """Return the SQL of a column's trimmed text, empty as NULL; None when the table has no such header."""
    positions = {normalise(column): at for at, column in reversed(list(enumerate(table.columns)))}
    at = positions.get(normalise(header))
    return None if at is None else f"nullif(trim(c{at}, {quoted(BLANKS)}), '')"


def blank(table: RawTable) -> str:
    """Return SQL that is true for a row without any text."""
    return " AND ".join(f"(c{at} IS NULL OR trim(c{at}) = '')" for at in range(len(table.columns)))


def _raw(table: RawTable, form: ListFormat) -> dict[str, str]:
    """Return field -> SQL of its text, for the fields whose headers are there."""
    found = {}
    for name in form.columns:
        columns = [sql for header in form.headers(name) if (sql := column_of(table, header))]
        if columns:
            found[name] = columns[0] if len(columns) == 1 else f"coalesce({', '.join(columns)})"
    for name, headers in form.joined.items():
        columns = [sql for header in headers if (sql := column_of(table, header))]
        if columns:
            found[name] = f"nullif(concat_ws('-', {', '.join(columns)}), '')"
    return found


def _value(form: ListFormat, entry: pa.Field) -> str:
    name, text = entry.name, f"raw_{entry.name}"
    if name in form.values:
        return _meaning(text, form.values[name], form.otherwise.get(name))
    if name in CODES:
        return f"replace(replace({text}, '-', ''), ' ', '')"
    if name in DIGITS:
        return f"regexp_replace({text}, '[^0-9]', '', 'g')"
    return _typed_value(form, name, entry.type)


def _typed_value(form: ListFormat, name: str, kind: pa.DataType) -> str:
    text = f"raw_{name}"
    if pa.types.is_date(kind):
        return f"CASE WHEN NOT {_empty(name)} THEN {sql_date(text, form.date_order)} END"
    if pa.types.is_int64(kind):
        return sql_amount(text, Understanding(columns={}))
    if pa.types.is_decimal(kind):
        return f"try_cast(replace({text}, ',', '') AS DECIMAL(18, 4))"
    if pa.types.is_boolean(kind):
        return f"CASE WHEN coalesce(lower({text}), '') IN {NO} THEN false WHEN lower({text}) IN {YES} THEN true END"
    return _listed(text, form.separators.get(name, "|")) if pa.types.is_list(kind) else text


def _listed(text: str, separator: str) -> str:
    """Return SQL of a list: its parts trimmed, none empty, each once, in the order in which they stand."""
    parts = f"list_transform(string_split({text}, {quoted(separator)}), lambda x: trim(x))"
    return f"list_filter({parts}, lambda x, i: x <> '' AND list_position({parts}, x) = i)"


def _meaning(text: str, meanings: Mapping[str, str], otherwise: str | None) -> str:
    cases = " ".join(
        f"WHEN {quoted(word.lower())} THEN {_literal(meaning or None)}" for word, meaning in meanings.items()
    )
    return f"CASE lower({text}) {cases} ELSE {_literal(otherwise)} END"


def _reason(kind: pa.DataType) -> str | None:
    if pa.types.is_date(kind):
        return "date_bad"
    if pa.types.is_boolean(kind):
        return "flag_bad"
    return "number_bad" if pa.types.is_int64(kind) or pa.types.is_decimal(kind) else None


def _empty(name: str) -> str:
    """Return SQL that is true for no value: also '0000-00-00', and a last day in the year 9999 (never ends)."""
    never = f" OR starts_with(raw_{name}, '9999')" if name in LAST_DAYS else ""
    return f"(raw_{name} IS NULL OR raw_{name} = '-' OR starts_with(raw_{name}, '0000'){never})"


def _swapped(present: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    pairs = [("valid_from", "valid_until"), ("contract_from", "contract_until"), ("standard_from", "standard_until")]
    return [
        (f"{last} < {first}", "dates_swapped", last) for first, last in pairs if first in present and last in present
    ]


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    return f"DATE '{value}'" if isinstance(value, date) else quoted(str(value))
