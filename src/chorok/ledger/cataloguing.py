"""Making a catalogue: a folder `index/catalogue-<key>` for each state of the registry's tables, never changed.

`rows.arrow` holds the certificates in their order, then the products of the mall that no certificate names; beside it
lies a word index over them. A row has, beyond its certificate: `product` and `supplier` (keys by which pages find
them), `begins` and `ends` (exclusive) and `certain` as verdicts read them, `seat`, the maker's place of
business, and `number`, by which rows of one product are known.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from chorok.ledger import folders
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger
from chorok.ledger.words import WordIndex, write_mapped

FORMAT = 2
"""Version of the folder's layout and of what is in it."""
KEPT = 2
"""Catalogues that stay on disk: the newest, and the one that other processes may still read."""
TABLES = ("item_groups", "certificates", "offers", "suppliers", "labels")
"""The tables that a catalogue is made of."""

_PLAIN = "regexp_replace(lower({0}), '[^\\pL\\pN]+', '', 'g')"
_NAME = "nullif(regexp_replace(lower(nfc_normalize({0})), '주식회사|\\(주\\)|㈜|[^\\pL\\pN]', '', 'g'), '')"

_ROWS = f"""
CREATE TEMP TABLE numbers AS SELECT {_NAME.format("name")} AS plain, min(no) AS supplier_no FROM (
  SELECT name, supplier_no AS no FROM suppliers UNION ALL SELECT supplier_name, supplier_no FROM offers
  UNION ALL SELECT supplier_name, supplier_no FROM certificates)
WHERE no <> '' AND plain IS NOT NULL GROUP BY 1 HAVING count(DISTINCT no) = 1;

CREATE TEMP TABLE seats AS
SELECT supplier_no, coalesce(min(nullif(concat_ws(' ', region, address), '')), min(seat)) AS place
FROM (SELECT supplier_no, region, address, NULL AS seat FROM suppliers
  UNION ALL SELECT supplier_no, NULL, NULL, head_office FROM offers) WHERE supplier_no <> '' GROUP BY 1;

CREATE TEMP TABLE given AS
SELECT place AS "row", * EXCLUDE (place) FROM certificates
UNION ALL BY NAME
SELECT (SELECT count(*) FROM certificates) + row_number() OVER (ORDER BY product_id) - 1 AS "row", * FROM (
  SELECT product_id, min(class_code) AS class_code, min(detail_code) AS detail_code,
    min(product_name) AS product_name, min(supplier_no) AS supplier_no, min(supplier_name) AS supplier_name,
    min(source) AS source, min(source_row) AS source_row
  FROM offers WHERE product_id <> '' AND product_id NOT IN (
    SELECT product_id FROM certificates WHERE product_id IS NOT NULL) GROUP BY product_id);

CREATE TEMP TABLE products AS
SELECT g.* REPLACE (coalesce(nullif(g.supplier_no, ''), n.supplier_no) AS supplier_no,
    coalesce(g.item_group, d.item_group, k.item_group) AS item_group),
  coalesce(nullif(product_id, ''), 'x' || left(md5(concat_ws(chr(31), coalesce(g.supplier_no, plain, ''),
    coalesce(model, ''), coalesce(product_name, ''))), 15)) AS product,
  coalesce(nullif(g.supplier_no, ''), n.supplier_no, 'x' || left(md5(plain), 15)) AS supplier,
  coalesce(read_on, valid_from) AS begins,
  CASE WHEN read_on IS NOT NULL THEN read_on + 1 ELSE least(coalesce(valid_until + 1, DATE '9999-12-31'),
    coalesce(revoked_on, DATE '9999-12-31')) END::DATE AS ends,
  coalesce(basis, 'none') <> 'none' AND (read_on IS NOT NULL OR (valid_from IS NOT NULL
    AND NOT (status IN ('revoked', 'given_up', 'unknown') AND revoked_on IS NULL))) AS certain
FROM (SELECT *, {_NAME.format("supplier_name")} AS plain FROM given) g LEFT JOIN numbers n USING (plain)
LEFT JOIN codes d ON d.code = g.detail_code
LEFT JOIN codes k ON k.code = coalesce(g.class_code, left(g.detail_code, 8));

CREATE TEMP TABLE shown AS
SELECT p.* EXCLUDE (plain), coalesce(s.place, p.region) AS seat,
  (dense_rank() OVER (ORDER BY p.product) - 1)::INTEGER AS number
FROM products p LEFT JOIN seats s ON s.supplier_no = p.supplier_no ORDER BY "row";

CREATE TEMP VIEW texts AS
SELECT "row", concat_ws(' ', product_name, model, array_to_string(aliases, ' '), supplier_name, supplier_no, item_label,
  g.name_ko, g.name_en, array_to_string(g.synonyms, ' '), product_id, product_no, certificate_no, detail_code,
  {_PLAIN.format("certificate_no")}, regexp_replace(certificate_no, '[^0-9A-Za-z]', '', 'g'), {_PLAIN.format("model")})
  AS text
FROM shown LEFT JOIN item_groups g ON g.code = shown.item_group;

CREATE TEMP VIEW keys AS
SELECT "row", '=product:' || product AS key FROM shown UNION ALL
SELECT "row", '=supplier:' || supplier FROM shown WHERE supplier IS NOT NULL UNION ALL
SELECT "row", '=group:' || item_group FROM shown WHERE item_group IS NOT NULL UNION ALL
SELECT "row", '=certificate:' || {_PLAIN.format("certificate_no")} FROM shown WHERE certificate_no IS NOT NULL
"""


def folder_of(ledger: Ledger, registry: Registry) -> Path:
    """Return the folder of a registry's catalogue, made when it is not there yet."""
    versions = {name: registry.versions.get(name, -1) for name in TABLES}
    folder = folders.place(ledger, "catalogue", {"format": FORMAT, **versions})
    if not folder.exists():
        folders.make(folder, lambda draft: _write(draft, ledger, registry), KEPT)
    return folder


def _write(folder: Path, ledger: Ledger, registry: Registry) -> None:
    certificates = registry.certificates()
    with ledger.connection() as engine:
        places = pa.array(np.arange(certificates.num_rows, dtype=np.int32))
        engine.register("certificates", certificates.append_column("place", places))
        engine.register("item_groups", registry.item_groups())
        engine.register("codes", registry.codes())
        for name in ("offers", "suppliers"):
            engine.register(name, registry.table(name))
        engine.execute("SET enable_progress_bar = false")
        engine.execute(_ROWS)
        write_mapped(
            folder / "rows.arrow", engine.execute('SELECT * EXCLUDE ("row") FROM shown ORDER BY "row"').to_arrow_table()
        )
        WordIndex.build(folder, engine)
