"""The timeline: for one definition, what each product key is on every day. A key covers all time exactly once.

Being green is never a property of a product: it is one of the product *on a day*.
"""

from __future__ import annotations

from datetime import date

from chorok.core.definitions import Definition
from chorok.ledger.engines import Connection, quoted

BEGINNING, FOREVER = "DATE '0001-01-01'", "DATE '9999-12-31'"


def day(value: date | None, missing: str) -> str:
    """Return a date as SQL."""
    return f"DATE '{value.isoformat()}'" if value else missing


def lay_bases(connection: Connection, definition: Definition) -> None:
    """Make the table `bases`: each basis that counts, with the days on which it does, `until` exclusive."""
    bases = "".join(
        f", ({quoted(basis)}, {day(since, BEGINNING)}, {day(until, FOREVER)})"
        for basis, since, until in definition.basis_periods()
    )
    # A first row that no span has: a definition may have no basis at all.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE bases AS SELECT * FROM "
        f"(VALUES (NULL, {BEGINNING}, {BEGINNING}){bases}) AS b(basis, since, until)"
    )


def build(connection: Connection, definition: Definition) -> str:
    """Return SQL for the timeline of a definition.

    Reads the tables `verdicts`, `spans` and `item_groups` of the connection. Spans are clipped to the days on
    which their basis counts, overlapping ones are merged, gaps filled, and all cut where the item group's
    standard begins or ends. Where a definition is not known the state is `not_known` (rules 1.6).
    """
    lay_bases(connection, definition)
    known_from = day(definition.in_force_from if definition.kind == "local" else None, BEGINNING)
    known_until = day(definition.in_force_until, FOREVER)
    return f"""
WITH counted AS (  -- spans, clipped to the days on which their basis counts
  SELECT product_key, greatest(valid_from, since) AS f, least(valid_until, until) AS u, certain
  FROM spans JOIN bases USING (basis) WHERE greatest(valid_from, since) < least(valid_until, until)
), standing AS (  -- the days on which the item group has a green standard
  SELECT v.product_key, v.item_group, v.state,
    greatest(coalesce(g.standard_from, {BEGINNING}), {known_from}) AS f,
    least(coalesce(g.standard_until, {FOREVER}), {known_until}) AS u
  FROM verdicts v LEFT JOIN item_groups g ON g.code = v.item_group
), plain AS (  -- most keys have no span: one stretch for all time
  SELECT * FROM standing ANTI JOIN counted USING (product_key) WHERE f = {BEGINNING} AND u = {FOREVER}
), cuts AS (
  SELECT product_key, unnest([{BEGINNING}, f, u, {known_from}, {known_until}]) AS f FROM standing
    WHERE product_key NOT IN (SELECT product_key FROM plain)
  UNION SELECT product_key, unnest([f, u]) FROM counted
), segments AS (
  SELECT * FROM (
    SELECT product_key, f, lead(f, 1, {FOREVER}) OVER (PARTITION BY product_key ORDER BY f) AS u FROM cuts
  ) WHERE f < u
), judged AS (
  SELECT s.product_key, any_value(k.item_group) AS item_group, s.f, s.u,
    CASE WHEN s.f < {known_from} OR s.f >= {known_until} THEN 'not_known'
      WHEN any_value(k.state) = 'out_of_scope' OR s.f < any_value(k.f) OR s.f >= any_value(k.u) THEN 'not_eligible'
      WHEN coalesce(bool_or(c.certain), false) THEN 'green'
      WHEN any_value(k.state) = 'undetermined' OR count(c.product_key) > 0 THEN 'undetermined'
      ELSE 'not_green' END AS state
  FROM segments s JOIN standing k ON k.product_key = s.product_key
  LEFT JOIN counted c ON c.product_key = s.product_key AND c.f <= s.f AND s.u <= c.u
  GROUP BY s.product_key, s.f, s.u
), islands AS (  -- neighbours of one state become one stretch
  SELECT *, sum(new::INTEGER) OVER (PARTITION BY product_key ORDER BY f) AS island FROM (
    SELECT *, state IS DISTINCT FROM lag(state) OVER (PARTITION BY product_key ORDER BY f) AS new FROM judged)
)
SELECT product_key, any_value(item_group) AS item_group, min(f) AS valid_from, max(u) AS valid_until,
  any_value(state) AS state FROM islands GROUP BY product_key, island
UNION ALL
SELECT product_key, item_group, {BEGINNING}, {FOREVER},
  CASE state WHEN 'out_of_scope' THEN 'not_eligible' WHEN 'undetermined' THEN 'undetermined' ELSE 'not_green' END
FROM plain
"""
