"""Records and sum of delimited text by a reader of its own: what the account is checked against at little cost."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from chorok.ledger.batches import Tally
from chorok.sources.understanding import RawTable


def count(table: RawTable, amount: str, multiplier: int) -> Tally | None:
    """Return the records and the sum of the column `amount`, whole numbers times `multiplier`; None where it is unsure.

    Any record counts, a total or a blank one too: equal to what was written it confirms that, else it says nothing.
    """
    if table.format != "csv":
        return None
    names = [str(place) for place in range(len(table.columns))]
    wanted = names[table.columns.index(amount)]
    read = csv.ReadOptions(skip_rows=table.skip, column_names=names, block_size=1 << 22)
    parse = csv.ParseOptions(delimiter=table.delimiter, quote_char=table.quote, newlines_in_values=True)
    convert = csv.ConvertOptions(
        check_utf8=False,
        include_columns=[wanted],
        column_types={wanted: pa.string()},
        null_values=[""],
        strings_can_be_null=True,
    )
    lines = total = 0
    try:
        with csv.open_csv(table.path, read_options=read, parse_options=parse, convert_options=convert) as batches:
            for batch in batches:
                whole = pc.cast(pc.replace_substring(batch.column(0), ",", ""), pa.int64())
                lines, total = lines + len(whole), total + (pc.sum(whole).as_py() or 0)
    except pa.ArrowException:
        return None
    return Tally(lines, total * multiplier)
