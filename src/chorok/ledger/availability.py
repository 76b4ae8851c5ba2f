"""Availability: on which days certified products could be had, by detailed item or item group and buyer's region.

A small table, made from certificates, mall offers and what was bought; lines join it once, never a certificate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pyarrow as pa

from chorok.core.definitions import Definition
from chorok.core.matching.areas import Place, reaches
from chorok.ledger import timeline
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.registry import Registry
from chorok.ledger.timeline import BEGINNING, FOREVER

REACH = pa.schema([("supply_area", pa.string()), ("region", pa.int64()), ("reaches", pa.bool_())])


def lay_out(connection: Connection, registry: Registry, definition: Definition, products: Path) -> None:
    """Make the tables `certified` and `supplied`: what stood certified, what the mall supplied where, and when.

    `products` is the derived table of products: an identification number has its detailed item from any of the lists.
    A certificate whose validity is not certain is no alternative; an offer without days counts on the day it was read.
    """
    lay_certain(connection, registry.certificates(), registry.table("offers"), products)
    timeline.lay_bases(connection, definition)
    connection.execute(_CERTIFIED)


def lay_certain(connection: Connection, certificates: pa.Table, offers: pa.Table, products: Path | None) -> None:
    """Make what holds under any definition: `certain` (certificates whose days are known), `supplied` and `details`.

    Without a file of products nothing was bought so far.
    """
    connection.register("certificates_given", certificates)
    connection.register("offers_given", offers)
    bought = f"read_parquet({quoted(products)})" if products else _NOTHING
    connection.execute(f"CREATE OR REPLACE TEMP VIEW products AS FROM {bought}")
    connection.execute(_CERTAIN)
    connection.execute(_SUPPLIED)


_NOTHING = "(SELECT NULL::VARCHAR AS product_id, NULL::VARCHAR AS detail_code WHERE false)"

_CERTAIN = f"""
CREATE OR REPLACE TEMP TABLE details AS  -- where the lists do not agree nothing is known
SELECT product_id, min(detail_code) AS detail_code FROM (
  SELECT product_id, detail_code FROM certificates_given UNION ALL
  SELECT product_id, detail_code FROM offers_given UNION ALL SELECT product_id, detail_code FROM products)
WHERE product_id IS NOT NULL AND detail_code IS NOT NULL GROUP BY product_id HAVING count(DISTINCT detail_code) = 1;

CREATE OR REPLACE TEMP TABLE certain AS
SELECT c.certificate_row, c.product_id, c.item_group, coalesce(c.detail_code, d.detail_code) AS detail_code,
  coalesce(c.read_on, c.valid_from) AS begins, CASE WHEN c.read_on IS NOT NULL THEN c.read_on + 1
    ELSE least(coalesce(c.valid_until + 1, {FOREVER}), coalesce(c.revoked_on, {FOREVER})) END::DATE AS ends,
  c.certificate_no, c.basis, c.valid_until, c.product_name, c.model, c.supplier_name
FROM (SELECT row_number() OVER () - 1 AS certificate_row, * FROM certificates_given) c
LEFT JOIN details d ON d.product_id = c.product_id
WHERE c.basis IS NOT NULL AND (c.read_on IS NOT NULL OR (c.valid_from IS NOT NULL
  AND NOT (c.status IN ('revoked', 'given_up', 'unknown') AND c.revoked_on IS NULL)))
"""

_CERTIFIED = """
CREATE OR REPLACE TEMP TABLE certified AS
SELECT row_number() OVER () AS row, c.* EXCLUDE (certificate_row, begins, ends), greatest(c.begins, b.since) AS f,
  least(c.ends, b.until) AS u
FROM certain c JOIN bases b USING (basis) WHERE greatest(c.begins, b.since) < least(c.ends, b.until)
"""

_SUPPLIED = f"""
CREATE OR REPLACE TEMP TABLE supplied AS
SELECT * FROM (
  SELECT product_id, coalesce(supply_area, '') AS supply_area, coalesce(minimum_order, 0) AS minimum,
    coalesce(contract_from, read_on) AS f, CASE WHEN contract_until IS NOT NULL THEN contract_until + 1
      WHEN contract_from IS NOT NULL THEN {FOREVER} ELSE read_on + 1 END::DATE AS u,
    price, currency, unit, contract_until, maker, supplier_name, product_name
  FROM offers_given WHERE product_id IS NOT NULL)
WHERE f < u
"""


def regions(connection: Connection, places: Collection[Place]) -> dict[Place, int]:
    """Number the regions and make the table `reach`: places that every supply area treats alike are one region."""
    areas = [
        str(row[0]) for row in connection.execute("SELECT DISTINCT supply_area FROM supplied ORDER BY 1").fetchall()
    ]
    treated = {place: tuple(reaches(area, place) for area in areas) for place in places}
    numbers = {told: number for number, told in enumerate(dict.fromkeys(treated.values()))}
    rows = [
        {"supply_area": area, "region": number, "reaches": told[at]}
        for told, number in numbers.items()
        for at, area in enumerate(areas)
    ]
    connection.register("reach", pa.Table.from_pylist(rows, schema=REACH))
    return {place: numbers[told] for place, told in treated.items()}


def build(connection: Connection, verdicts: Path, numbers: Mapping[Place, int]) -> str:
    """Return SQL for the availability (see measures.replay.judged), from what `lay_out` and `regions` made.

    A key (of_group, of_detail, region) that has any alternative at any time covers all time exactly once.
    """
    known = pa.table({"region": pa.array(sorted(set(numbers.values())), pa.int64())})
    connection.register("known_regions", known)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW verdicts AS FROM read_parquet({quoted(verdicts)})")
    connection.execute(_PIECES)
    return _STRETCHES


def _merged(source: str, keys: str) -> str:
    """Return SQL that merges stretches [f, u) of equal keys that overlap or touch."""
    before = f"max(u) OVER (PARTITION BY {keys} ORDER BY f, u ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    begun = f"SELECT *, (f > coalesce({before}, {BEGINNING}))::INTEGER AS new FROM {source}"
    numbered = f"SELECT *, sum(new) OVER (PARTITION BY {keys} ORDER BY f, u) AS island FROM ({begun})"
    return f"SELECT {keys}, min(f) AS f, max(u) AS u FROM ({numbered}) GROUP BY {keys}, island"


_PIECES = f"""
CREATE OR REPLACE TEMP TABLE unoffered AS  -- days on which a product is certified and no offer says where it is had
WITH offered AS ({_merged("supplied", "product_id")}), each AS (
  SELECT c.row, any_value(c.item_group) AS item_group, any_value(c.detail_code) AS detail_code,
    list_prepend(any_value(c.f), coalesce(list(s.u ORDER BY s.f) FILTER (s.f IS NOT NULL), [])) AS starts,
    list_append(coalesce(list(s.f ORDER BY s.f) FILTER (s.f IS NOT NULL), []), any_value(c.u)) AS ends
  FROM certified c LEFT JOIN offered s ON s.product_id = c.product_id AND s.f < c.u AND c.f < s.u GROUP BY c.row
)
SELECT item_group, detail_code, f, u FROM (
  SELECT item_group, detail_code, unnest(starts) AS f, unnest(ends) AS u FROM each) WHERE f < u;

CREATE OR REPLACE TEMP TABLE pieces AS
SELECT c.item_group, c.detail_code, r.region, greatest(c.f, s.f) AS f, least(c.u, s.u) AS u,
  CASE WHEN r.reaches THEN s.minimum END AS minimum
FROM certified c JOIN supplied s ON s.product_id = c.product_id AND s.f < c.u AND c.f < s.u
JOIN reach r ON r.supply_area = s.supply_area AND r.reaches IS DISTINCT FROM false
UNION ALL SELECT DISTINCT item_group, detail_code, NULL, f, u, NULL FROM unoffered;

CREATE OR REPLACE TEMP TABLE scoped AS  -- by detailed item and by item group; a NULL region stands for all of them
WITH every AS (
  SELECT 'd' || detail_code AS scope, region, f, u, minimum FROM pieces WHERE detail_code IS NOT NULL
  UNION ALL SELECT 'g' || item_group, region, f, u, NULL FROM pieces WHERE item_group IS NOT NULL
), spread AS (
  SELECT * FROM ({_merged("every", "scope, region, minimum")})
)
SELECT scope, region, f, u, minimum FROM spread WHERE region IS NOT NULL
UNION ALL SELECT s.scope, k.region, s.f, s.u, s.minimum FROM spread s CROSS JOIN known_regions k WHERE s.region IS NULL
"""

_STRETCHES = f"""
WITH bought AS (
  SELECT DISTINCT v.item_group AS of_group, coalesce(p.detail_code, '') AS of_detail
  FROM verdicts v JOIN products p USING (product_key) WHERE v.item_group IS NOT NULL
), standing AS (
  SELECT b.of_group, b.of_detail, s.region, s.f, s.u, s.minimum
  FROM bought b JOIN scoped s ON s.scope = 'd' || b.of_detail
  UNION ALL SELECT b.of_group, b.of_detail, s.region, s.f, s.u, NULL
  FROM bought b JOIN scoped s ON s.scope = 'g' || b.of_group
), cuts AS (
  SELECT DISTINCT of_group, of_detail, region, unnest([{BEGINNING}, f, u]) AS f FROM standing
), segments AS (
  SELECT * FROM (SELECT *, lead(f, 1, {FOREVER}) OVER (PARTITION BY of_group, of_detail, region ORDER BY f) AS u
    FROM cuts) WHERE f < u
), judged AS (
  SELECT g.of_group, g.of_detail, g.region, g.f, g.u, min(s.minimum) AS minimum,
    CASE WHEN count(s.minimum) > 0 THEN 'sure' WHEN count(s.f) > 0 THEN 'possible' ELSE 'none' END AS alternative
  FROM segments g LEFT JOIN standing s ON s.of_group = g.of_group AND s.of_detail = g.of_detail
    AND s.region = g.region AND s.f <= g.f AND g.u <= s.u
  GROUP BY ALL
)
SELECT of_group, of_detail, region, f AS since, u AS until, alternative, minimum FROM
  ({_merged("judged", "of_group, of_detail, region, alternative, minimum")})
"""
