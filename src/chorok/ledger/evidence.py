"""The registry as matching reads it: what was stored, with groups, revocations and labels resolved on reading.

Nothing here is stored, so the order in which lists are imported never matters.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from chorok.ledger.engines import Connection, connect
from chorok.ledger.schema import CERTIFICATES, ITEM_GROUPS, LABELS

Maker = Callable[[], pa.Table]

NUMBER = "regexp_replace(upper({0}), '[^0-9A-Z가-힣]', '', 'g')"
"""A certificate number or model without the blanks and hyphens that lists write differently."""

WORD = r"nullif(regexp_replace(lower(nfc_normalize({0})), '[\s·ㆍ,./()-]', '', 'g'), '')"
"""A word for an item as it is compared: without case, blanks and light punctuation."""

LABEL_NAME = r"regexp_replace(item_label, '^\s*EL\d+\s*[.:]\s*', '')"
"""The name in a product type such as 'EL250.창호'."""

ITEM_GROUPS_SQL = f"""
WITH numbered AS (SELECT row_number() OVER (ORDER BY derived, code, source) AS n, * FROM item_groups),
once AS (
  SELECT * FROM numbered
  QUALIFY row_number() OVER (PARTITION BY code ORDER BY coalesce(derived, false), n) = 1),
words AS (
  SELECT n, code, derived, unnest([{WORD.format("name_ko")}] || list_transform(coalesce(synonyms, []),
    lambda x: {WORD.format("x")})) AS word FROM once),
entered_words AS (SELECT DISTINCT word FROM words WHERE NOT coalesce(derived, false)),
entered_codes AS (SELECT list(DISTINCT c) AS taken FROM
  (SELECT unnest(codes) AS c FROM once WHERE NOT coalesce(derived, false))),
named_again AS (SELECT DISTINCT n FROM words WHERE derived AND word IN (SELECT word FROM entered_words)),
kept AS (
  SELECT once.* REPLACE (
    CASE WHEN derived THEN list_filter(codes, lambda c: NOT list_contains(coalesce(taken, []), c))
      ELSE codes END AS codes),
    len(coalesce(codes, [])) AS had
  FROM once, entered_codes WHERE n NOT IN (SELECT n FROM named_again))
SELECT {", ".join(ITEM_GROUPS.names)} FROM kept
WHERE NOT (coalesce(derived, false) AND had > 0 AND len(codes) = 0) ORDER BY n
"""

CERTIFICATES_SQL = f"""
WITH revoked AS (
  SELECT {NUMBER.format("certificate_no")} AS number, coalesce({NUMBER.format("model")}, '') AS model,
    min(revoked_on) AS revoked_on
  FROM certificates WHERE revoked_on IS NOT NULL AND certificate_no IS NOT NULL GROUP BY 1, 2),
revoked_models AS (SELECT number, min(revoked_on) AS any_on, min(revoked_on) FILTER (model = '') AS all_on
  FROM revoked GROUP BY 1),
dated AS (
  SELECT c.*, least(c.revoked_on, m.all_on, r.revoked_on, CASE WHEN c.model IS NULL THEN m.any_on END) AS ended
  FROM certificates c
  LEFT JOIN revoked_models m ON m.number = {NUMBER.format("c.certificate_no")}
  LEFT JOIN revoked r ON r.number = {NUMBER.format("c.certificate_no")} AND r.model = {NUMBER.format("c.model")}),
named AS (
  SELECT *, regexp_extract(item_label, '^\\s*(EL\\d+)', 1) AS label_code,
    {WORD.format(LABEL_NAME)} AS label_word
  FROM dated)
SELECT n.* EXCLUDE (ended, label_code, label_word, late) REPLACE (
    ended AS revoked_on,
    CASE WHEN ended IS NULL OR n.status = 'given_up' THEN n.status ELSE 'revoked' END AS status,
    coalesce(e.code, d.item_group, k.item_group, w.item_group, l.item_group) AS item_group)
FROM named n
LEFT JOIN item_groups e ON e.code = n.item_group
LEFT JOIN codes d ON d.code = n.detail_code
LEFT JOIN codes k ON k.code = coalesce(n.class_code, left(n.detail_code, 8))
LEFT JOIN words w ON w.word = n.label_word
LEFT JOIN words l ON l.word = lower(n.label_code)
ORDER BY n.late NULLS FIRST, n.source, n.source_row, n.basis, n.certificate_no, n.product_id, n.model
"""

DERIVED_GROUPS_SQL = f"""
WITH named AS (
  SELECT coalesce(nullif(regexp_extract(item_label, '^\\s*(EL\\d+)', 1), ''), trim({LABEL_NAME})) AS code,
    coalesce(nullif(trim({LABEL_NAME}), ''), trim(item_label)) AS name, nullif(class_code, '') AS class_code
  FROM good WHERE basis = 'eco_label' AND item_label IS NOT NULL),
names AS (SELECT code, name, count(*) AS n FROM named GROUP BY 1, 2),
titles AS (SELECT code, list(name ORDER BY n DESC, name) AS names FROM names GROUP BY code),
owners AS (
  SELECT class_code, code FROM named WHERE class_code IS NOT NULL GROUP BY 1, 2
  QUALIFY row_number() OVER (PARTITION BY class_code ORDER BY count(*) DESC, code) = 1),
classes AS (SELECT code, list(class_code ORDER BY class_code) AS codes FROM owners GROUP BY code)
SELECT code, names[1] AS name_ko, NULL::VARCHAR AS name_en, names[2:] AS synonyms, coalesce(codes, []) AS codes,
  NULL::DATE AS standard_from, NULL::DATE AS standard_until, false AS mandatory, true AS derived
FROM titles LEFT JOIN classes USING (code) WHERE code <> '' ORDER BY code
"""
"""Item groups from the accepted rows `good` of a certificate list; a class seen under several goes to the
most frequent."""

LABELLED_SQL = """
SELECT true AS late, NULL AS certificate_no, mapped.basis, 'unknown' AS status,
  NULL::DATE AS valid_from, NULL::DATE AS valid_until, NULL::DATE AS revoked_on, NULL AS item_group,
  NULL AS item_label, offer_no AS product_no, product_id, class_code, detail_code, product_name, NULL AS model,
  NULL::VARCHAR[] AS aliases, supplier_no, supplier_name, NULL AS region, read_on, source, source_row
FROM (SELECT *, unnest(labels) AS label FROM offers) JOIN mapped USING (label)
"""


def item_groups(stored: pa.Table) -> pa.Table:
    """Return the item groups that hold (ITEM_GROUPS).

    An entered group takes its codes from derived ones; a derived group that has the name of an entered one, or
    no code left, is dropped: the person has said what it stands for.
    """
    with connect() as engine:
        engine.register("item_groups", stored)
        return _fetch(engine, ITEM_GROUPS_SQL, ITEM_GROUPS)


def codes(groups: pa.Table) -> pa.Table:
    """Return (code, item_group), each code once. Of two entered groups with one code the first by code has it."""
    with connect() as engine:
        engine.register("item_groups", groups)
        return _fetch(engine, _CODES)


def shared_codes(groups: pa.Table) -> list[tuple[str, list[str]]]:
    """Return the codes that more than one item group claims, with the groups: a slip that a person should mend."""
    with connect() as engine:
        engine.register("item_groups", groups)
        return engine.execute(
            "SELECT c, list(code ORDER BY code) FROM (SELECT DISTINCT unnest(codes) AS c, code FROM item_groups) "
            "GROUP BY c HAVING count(*) > 1 ORDER BY c"
        ).fetchall()


def certificates(table: Callable[[str], pa.Table], groups: pa.Table) -> pa.Table:
    """Return the certificates (CERTIFICATES) in a fixed order: by source, row and basis, as stored; then from labels.

    So a row keeps its place as long as the stored table is the same, and an index over the rows stays right.

    The item group comes from the one that was written, else from the detail code, the class code, the list's own
    word. A revocation date of the same number (and model, where one is given) is set whatever list brought it.
    Labels that a person has given a basis add evidence for the day the offer was read.
    """
    with connect() as engine:
        engine.register("item_groups", groups)
        engine.register("stored", table("certificates"))
        engine.register("offers", table("offers"))
        engine.register("labels", table("labels"))
        engine.execute("CREATE TEMP TABLE mapped AS SELECT label, min(basis) AS basis FROM labels "
                       "WHERE basis <> 'none' GROUP BY label")  # fmt: skip
        engine.execute(f"CREATE TEMP VIEW certificates AS SELECT * FROM stored UNION ALL BY NAME {LABELLED_SQL}")
        engine.execute(f"CREATE TEMP TABLE codes AS {_CODES}")
        engine.execute(f"CREATE TEMP TABLE words AS {_WORDS}")
        return _fetch(engine, CERTIFICATES_SQL, CERTIFICATES)


def labels(stored: pa.Table) -> pa.Table:
    """Return each label once (LABELS): sightings added up, and the basis a person gave it, if any."""
    with connect() as engine:
        engine.register("labels", stored)
        return _fetch(
            engine,
            "SELECT label, min(basis) AS basis, sum(coalesce(seen, 0))::BIGINT AS seen, "
            "max_by(first_source, coalesce(seen, 0)) AS first_source FROM labels "
            "GROUP BY label ORDER BY seen DESC, label",
            LABELS,
        )


_CODES = "SELECT c AS code, min(code) AS item_group FROM (SELECT unnest(codes) AS c, code FROM item_groups) GROUP BY c"

_WORDS = (
    "SELECT word, min(code) AS item_group FROM (SELECT DISTINCT code, unnest([lower(code), "
    f"{WORD.format('name_ko')}, {WORD.format('name_en')}] || list_transform(coalesce(synonyms, []), "
    f"lambda x: {WORD.format('x')})) AS word FROM item_groups) WHERE word IS NOT NULL GROUP BY word HAVING count(*) = 1"
)
"""Words that stand for exactly one item group; one shared by two says nothing."""


def _fetch(engine: Connection, query: str, schema: pa.Schema | None = None) -> pa.Table:
    found = engine.execute(query).to_arrow_table()
    return found.select(schema.names).cast(schema) if schema else found
