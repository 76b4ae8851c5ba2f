"""Distinct products become verdicts: exact keys by joins, the rest one look-up a product. Never a line.

Order of evidence: a person's decision, identification number, certificate number, supplier + model, name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from chorok.ledger.engines import Connection
from chorok.ledger.lookup import Found, Lookup
from chorok.ledger.registry import Registry

Progress = Callable[[int, int], None]
STEP = 250
"""Products looked up at a time, and between two reports of progress."""
BESIDE = 2
"""Look-ups beside each other: the text index lets another run, the rest of a look-up does not."""


def prepare(connection: Connection, registry: Registry, decisions: pa.Table) -> None:
    """Put the registry and the decisions before the engine, as tables of the connection."""
    for name, rows in (
        ("certificates", registry.certificates()),
        ("codes", registry.codes()),
        ("item_groups", registry.item_groups()),
        ("decisions", decisions),
    ):
        connection.register(f"{name}_rows", rows)
        number = "row_number() OVER () - 1 AS certificate_row, " if name == "certificates" else ""
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {number}* FROM {name}_rows")
        connection.unregister(f"{name}_rows")


def judge(connection: Connection, lookup: Lookup, version: int, progress: Progress | None = None) -> None:
    """Make the tables `verdicts` and `spans` from the table `products` and what `prepare` laid out.

    `version` is the registry version, kept in the evidence. Progress is told in products looked up by text.
    """
    connection.execute(_EXACT)
    rows = _looked_up(connection, lookup, progress)
    connection.register("looked_up_rows", rows)
    connection.execute(_ALL_HITS)
    connection.execute(_VERDICTS.replace("$VERSION", str(version)))
    connection.execute(_SPANS)
    connection.unregister("looked_up_rows")


_EXACT = """
CREATE OR REPLACE TEMP TABLE coded AS
SELECT p.product_key, coalesce(d.item_group, c.item_group) AS item_group,
  CASE WHEN d.item_group IS NOT NULL THEN 'detail_code'
    WHEN c.item_group IS NOT NULL THEN 'class_code' END AS group_method,
  p.class_code IS NOT NULL OR p.detail_code IS NOT NULL AS has_code
FROM products p LEFT JOIN codes d ON d.code = p.detail_code LEFT JOIN codes c ON c.code = p.class_code;

CREATE OR REPLACE TEMP TABLE hits AS
SELECT p.product_key, c.certificate_row, c.item_group
FROM products p JOIN certificates c ON c.product_id = p.product_id;

-- Not being listed says something only where the list carries identification numbers at all.
CREATE OR REPLACE TEMP TABLE numbered_groups AS
SELECT DISTINCT item_group FROM certificates WHERE product_id IS NOT NULL AND item_group IS NOT NULL;

CREATE OR REPLACE TEMP TABLE exact AS
SELECT p.product_key, k.has_code, d.outcome,
  coalesce(d.item_group, k.item_group, h.item_group) AS item_group,
  CASE WHEN d.item_group IS NOT NULL THEN 'human' WHEN k.item_group IS NOT NULL THEN k.group_method
    WHEN h.item_group IS NOT NULL THEN 'certificate' END AS group_method,
  h.product_key IS NOT NULL AS is_listed,
  p.product_id IS NOT NULL AND coalesce(k.item_group, h.item_group) IN (FROM numbered_groups) AS is_absent
FROM products p JOIN coded k USING (product_key)
LEFT JOIN (  -- the first that the registry lists: the same one each time
  SELECT product_key, min_by(item_group, certificate_row) AS item_group FROM hits GROUP BY product_key
) h USING (product_key)
LEFT JOIN decisions d USING (product_key);

-- A class that no item group has is outside, and so is a contract whose materials are not named (rules 1.4).
CREATE OR REPLACE TEMP TABLE outside AS
SELECT e.product_key, CASE WHEN e.has_code THEN 'class_code' ELSE 'materials_not_known' END AS method
FROM exact e JOIN products p USING (product_key)
WHERE e.outcome IS NULL AND NOT e.is_listed AND e.item_group IS NULL
  AND ((e.has_code AND EXISTS (FROM codes)) OR (p.kind <> 'goods' AND p.product_id IS NULL AND p.item_hint IS NULL));

CREATE OR REPLACE TEMP TABLE open_products AS
SELECT p.*, e.item_group, e.group_method FROM products p JOIN exact e USING (product_key)
WHERE e.outcome IS NULL AND NOT e.is_listed AND NOT e.is_absent AND product_key NOT IN (SELECT product_key FROM outside)
"""

_LOOKED_UP = pa.schema(
    [
        ("product_key", pa.int64()),
        ("certificate_rows", pa.list_(pa.int64())),
        ("item_group", pa.string()),
        ("state", pa.string()),
        ("method", pa.string()),
        ("score", pa.float64()),
        ("group_method", pa.string()),
        ("group_score", pa.float64()),
        ("evidence", pa.string()),
    ]
)


def _looked_up(connection: Connection, lookup: Lookup, progress: Progress | None) -> pa.Table:
    """Look up by text the products that no exact key decided."""
    products = connection.execute("SELECT * FROM open_products ORDER BY product_key").to_arrow_table().to_pylist()
    steps = [products[start : start + STEP] for start in range(0, len(products), STEP)]
    found: list[dict[str, Any]] = []
    with ThreadPoolExecutor(BESIDE) as threads:
        for part in threads.map(lookup.find, steps):
            found += map(_row, part)
            if progress:
                progress(len(found), len(products))
    return pa.Table.from_pylist(found, schema=_LOOKED_UP)


def _row(found: Found) -> dict[str, Any]:
    return {**found.__dict__, "evidence": json.dumps(found.evidence, ensure_ascii=False, sort_keys=True)}


_ALL_HITS = """
CREATE OR REPLACE TEMP TABLE looked_up AS SELECT * FROM looked_up_rows;
CREATE OR REPLACE TEMP TABLE all_hits AS
SELECT product_key, certificate_row FROM hits
  SEMI JOIN exact ON hits.product_key = exact.product_key AND exact.outcome IS NULL
UNION ALL SELECT product_key, unnest(certificate_rows) FROM looked_up WHERE state = 'decided'
UNION ALL SELECT d.product_key, c.certificate_row FROM decisions d JOIN certificates c USING (certificate_no)
  WHERE d.outcome = 'green' AND d.valid_from IS NULL
"""

_VERDICTS = """
CREATE OR REPLACE TEMP TABLE verdicts AS
WITH listed AS (
  SELECT product_key, list_sort(list_distinct(list(certificate_no))) AS numbers
  FROM hits JOIN certificates USING (certificate_row) GROUP BY product_key
)
SELECT e.product_key, coalesce(e.item_group, l.item_group) AS item_group,
  CASE WHEN e.outcome = 'out_of_scope' THEN 'out_of_scope' WHEN e.outcome IS NOT NULL THEN 'decided'
    WHEN o.product_key IS NOT NULL THEN 'out_of_scope' WHEN e.is_listed OR e.is_absent THEN 'decided'
    ELSE coalesce(l.state, 'undetermined') END AS state,
  CASE WHEN e.outcome IS NOT NULL THEN 'human' WHEN o.product_key IS NOT NULL THEN o.method
    WHEN e.is_listed OR e.is_absent THEN 'identification_number' ELSE l.method END AS method,
  l.score, coalesce(e.group_method, l.group_method) AS group_method, l.group_score,
  CASE WHEN e.outcome IS NOT NULL THEN to_json({outcome: d.outcome, certificate_no: d.certificate_no,
      reason: d.reason, decided_by: d.decided_by, decided_on: d.decided_on, registry: $VERSION})::VARCHAR
    WHEN e.is_listed THEN to_json({certificates: listed.numbers, registry: $VERSION})::VARCHAR
    WHEN l.product_key IS NOT NULL THEN json_merge_patch(l.evidence, '{"registry": $VERSION}')::VARCHAR
    ELSE to_json({registry: $VERSION})::VARCHAR END AS evidence
FROM exact e LEFT JOIN outside o USING (product_key) LEFT JOIN looked_up l USING (product_key)
LEFT JOIN decisions d USING (product_key) LEFT JOIN listed USING (product_key)
"""

# A certificate revoked or given up without a date, or without a first day, is never certain; an undated label is
# evidence for the day on which it was read, and a question for all others (rules 1.5).
_SPANS = """
CREATE OR REPLACE TEMP TABLE spans AS
WITH evidence AS (
  SELECT DISTINCT h.product_key, c.basis, c.certificate_no, c.valid_from, c.valid_until, c.revoked_on,
    c.status, c.read_on
  FROM all_hits h JOIN certificates c USING (certificate_row) WHERE c.basis IS NOT NULL AND c.basis <> 'none'
), dated AS (
  SELECT product_key, basis, certificate_no, coalesce(valid_from, DATE '0001-01-01') AS valid_from,
    least(coalesce(valid_until + 1, DATE '9999-12-31'), coalesce(revoked_on, DATE '9999-12-31'))::DATE AS valid_until,
    valid_from IS NOT NULL AND NOT (status IN ('revoked', 'given_up', 'unknown') AND revoked_on IS NULL) AS certain
  FROM evidence WHERE read_on IS NULL
)
FROM dated WHERE valid_from < valid_until
UNION ALL SELECT product_key, basis, certificate_no, read_on, (read_on + 1)::DATE, true
  FROM evidence WHERE read_on IS NOT NULL
UNION ALL SELECT product_key, basis, certificate_no, DATE '0001-01-01', DATE '9999-12-31', false
  FROM evidence WHERE read_on IS NOT NULL
UNION ALL SELECT product_key, coalesce(basis, 'eco_label'), certificate_no, valid_from,
  coalesce(valid_until + 1, DATE '9999-12-31')::DATE, true
  FROM decisions WHERE outcome = 'green' AND valid_from IS NOT NULL
"""
