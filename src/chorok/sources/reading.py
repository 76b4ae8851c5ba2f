"""A raw table as SQL: what every reader of received files selects from."""

from __future__ import annotations

from chorok.ledger.engines import quoted
from chorok.sources.understanding import RawTable


def select_from(table: RawTable, *, numbered: bool = False) -> str:
    """Return SQL that yields the table's columns `c0, c1, ...`, all VARCHAR, in file order.

    With `numbered` a first column `row_no` (BIGINT) counts records from the first data row of a CSV file, or
    names the sheet's row otherwise; for CSV it costs a pass in file order, so it is for explaining and
    rejecting only.
    """
    names = [f"c{position}" for position in range(len(table.columns))]
    if table.format == "parquet":
        listed = ", ".join(
            f'"{column.replace(chr(34), chr(34) * 2)}" AS {name}'
            for column, name in zip(table.columns, names, strict=True)
        )
        return f"SELECT {'row_no, ' if numbered else ''}{listed} FROM read_parquet({quoted(table.path)})"
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    source = (
        f"read_csv({quoted(table.path)}, columns={{{types}}}, header=false, auto_detect=false, skip={table.skip}, "
        f"delim={quoted(table.delimiter)}, quote={quoted(table.quote)}, escape={quoted(table.quote)}, "
        "null_padding=false, store_rejects=true, rejects_limit=0, max_line_size=16777216, buffer_size=33554432)"
    )
    return f"SELECT {'row_number() OVER () AS row_no, ' if numbered else ''}{', '.join(names)} FROM {source}"
