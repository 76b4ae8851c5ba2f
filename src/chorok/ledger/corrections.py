"""Change orders: which lines of a request count, and on which date (rules 1.2).

A change order keeps the first order's date. Of a request's rows those of the final order count; with none final,
those of the highest change order, which are then provisional. Where differences are summed, all rows count.
Derived, and mostly empty.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from chorok.ledger.engines import quoted

SCHEMA = pa.schema(
    [("line_id", pa.int64()), ("counts", pa.bool_()), ("first_day", pa.date32()), ("provisional", pa.bool_())]
)


def build(lines: str, summing: Collection[str]) -> str:
    """Return SQL (line_id, counts, first_day, provisional) over purchase lines, for those that need a word.

    `lines` is SQL over purchases; `summing` names the sources whose differences are summed. Lines that count on
    their own date, as most do, do not come out.
    """
    summed = f"source IN ({', '.join(quoted(source) for source in sorted(summing))})" if summing else "false"
    return f"""
WITH amended AS (
  SELECT DISTINCT source, source_key FROM ({lines})
  WHERE source_key IS NOT NULL AND (change_order > 0 OR final = false)
), orders AS (
  SELECT l.line_id, coalesce(l.change_order, 0) AS change_order, coalesce(l.final, false) AS final, l.bought_on,
    source, source_key, {summed} AS summed
  FROM ({lines}) l SEMI JOIN amended USING (source, source_key)
), requests AS (
  SELECT *, min_by(bought_on, change_order) OVER request AS first_day,
    max(change_order) FILTER (WHERE final) OVER request AS final_order, max(change_order) OVER request AS last_order
  FROM orders WINDOW request AS (PARTITION BY source, source_key)
), judged AS (
  SELECT line_id, bought_on, first_day,
    summed OR CASE WHEN final_order IS NULL THEN change_order = last_order ELSE final AND change_order = final_order END
      AS counts,
    NOT summed AND final_order IS NULL AND change_order = last_order AS provisional
  FROM requests
)
SELECT line_id, counts, first_day, provisional FROM judged WHERE NOT counts OR provisional OR first_day <> bought_on
"""
