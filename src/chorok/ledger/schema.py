"""The canonical columns of every table (pyarrow schemas). Amounts are int64 of the smallest currency unit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyarrow as pa

FORMAT = 2
"""Version of the ledger's layout on disk and of its ids; a ledger with another one is refused."""

PURCHASES = pa.schema(
    [
        ("line_id", pa.int64()),
        ("batch", pa.string()),
        ("source", pa.string()),  # name of the profile or source the file came from
        ("source_key", pa.string()),  # the source's own key of the request, e.g. dlvrReqNo; NULL without one
        ("source_line", pa.string()),  # the line of the request, e.g. prdctSno
        ("bought_on", pa.date32()),
        ("date_kind", pa.string()),  # which date it is: order, receipt, delivery, payment
        ("organisation", pa.string()),  # code in the organisation tree, else the label as written
        ("department", pa.string()),
        ("kind", pa.string()),  # goods | works | service
        ("supplier_no", pa.string()),  # business number, digits only
        ("supplier_name", pa.string()),
        ("product_id", pa.string()),  # 8-digit identification number (물품식별번호)
        ("class_code", pa.string()),  # 8-digit classification (물품분류번호)
        ("detail_code", pa.string()),  # 10-digit detailed item (세부품명번호)
        ("item_hint", pa.string()),  # the source's own word for the item
        ("description", pa.string()),
        ("specification", pa.string()),
        ("quantity", pa.decimal128(18, 4)),
        ("unit", pa.string()),
        ("unit_price", pa.int64()),
        ("amount", pa.int64()),
        ("currency", pa.string()),
        ("furnished_material", pa.bool_()),  # government-furnished construction material (관급자재)
        ("change_order", pa.int32()),
        ("final", pa.bool_()),
        ("ground", pa.string()),  # exception ground 1..5 of article 6, as recorded
        ("request", pa.string()),  # screening request, when there was one
        ("product_key", pa.int64()),
        ("year", pa.int32()),  # partition; figures compute the year from bought_on
    ]
)

PRODUCT_COLUMNS = (
    "kind",
    "product_id",
    "detail_code",
    "class_code",
    "item_hint",
    "supplier_no",
    "supplier_name",
    "description",
    "specification",
)
"""The raw identifying columns, in the order in which `product_key` joins them."""


def product_key(values: Iterable[str]) -> int:
    """Return the key of a product: the lowest 60 bits of md5 over its identifying columns, joined by U+001F.

    An import computes the same in SQL (`sources.validate.product_key`). What is missing is ''.
    """
    digest = hashlib.md5("\x1f".join(values).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest, "little") & ((1 << 60) - 1)


ITEM_GROUPS = pa.schema(
    [
        ("code", pa.string()),
        ("name_ko", pa.string()),
        ("name_en", pa.string()),
        ("synonyms", pa.list_(pa.string())),
        ("codes", pa.list_(pa.string())),  # PPS classes (8 digits), detailed items (10), GPIS small categories (5)
        ("standard_from", pa.date32()),  # NULL: always had a green standard as far as known
        ("standard_until", pa.date32()),  # exclusive; NULL: still has one
        ("mandatory", pa.bool_()),
        ("derived", pa.bool_()),  # made from a certificate list, not entered by a person
        ("source", pa.string()),
    ]
)

CERTIFICATES = pa.schema(
    [
        ("certificate_no", pa.string()),
        ("basis", pa.string()),  # eco_label | gr | low_carbon | a local basis
        ("status", pa.string()),  # certified | revoked | given_up | expired | unknown
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),  # last day, inclusive, as printed
        ("revoked_on", pa.date32()),
        ("item_group", pa.string()),  # code of the item group, NULL when not known
        ("item_label", pa.string()),  # the list's own word for the product type
        ("product_no", pa.string()),
        ("product_id", pa.string()),
        ("class_code", pa.string()),
        ("detail_code", pa.string()),
        ("product_name", pa.string()),
        ("model", pa.string()),
        ("aliases", pa.list_(pa.string())),  # further model names
        ("supplier_no", pa.string()),
        ("supplier_name", pa.string()),
        ("region", pa.string()),
        ("read_on", pa.date32()),  # day of an undated label: evidence for that day only
        ("source", pa.string()),
        ("source_row", pa.int64()),
    ]
)

OFFERS = pa.schema(
    [
        ("offer_no", pa.string()),  # shopngCntrctNo-shopngCntrctSno
        ("product_id", pa.string()),
        ("class_code", pa.string()),
        ("detail_code", pa.string()),
        ("product_name", pa.string()),
        ("supplier_no", pa.string()),
        ("supplier_name", pa.string()),
        ("maker", pa.string()),
        ("price", pa.int64()),
        ("currency", pa.string()),
        ("unit", pa.string()),
        ("minimum_order", pa.decimal128(18, 4)),
        ("contract_from", pa.date32()),
        ("contract_until", pa.date32()),
        ("supply_area", pa.string()),
        ("head_office", pa.string()),
        ("factory", pa.string()),
        ("labels", pa.list_(pa.string())),
        ("read_on", pa.date32()),
        ("source", pa.string()),
        ("source_row", pa.int64()),
    ]
)

SUPPLIERS = pa.schema(
    [
        ("supplier_no", pa.string()),
        ("name", pa.string()),
        ("region", pa.string()),
        ("address", pa.string()),
        ("source", pa.string()),
    ]
)

LABELS = pa.schema(
    [
        ("label", pa.string()),  # as written
        ("basis", pa.string()),  # what it stands for; 'none' for one that does not count; NULL: never seen before
        ("seen", pa.int64()),
        ("first_source", pa.string()),
    ]
)

ORGANISATIONS = pa.schema(
    [
        ("code", pa.string()),
        ("name_ko", pa.string()),
        ("name_en", pa.string()),
        ("kind", pa.string()),  # network | city | province | headquarters | district | department | institution
        ("parent", pa.string()),
        ("valid_from", pa.date32()),  # NULL: always
        ("valid_until", pa.date32()),  # exclusive; NULL: still
        ("aliases", pa.list_(pa.string())),
        ("source", pa.string()),
    ]
)

REGISTRY = {
    "item_groups": ITEM_GROUPS,
    "certificates": CERTIFICATES,
    "offers": OFFERS,
    "suppliers": SUPPLIERS,
    "labels": LABELS,
    "organisations": ORGANISATIONS,
}

DECISIONS = pa.schema(
    [
        ("product_key", pa.int64()),
        ("item_group", pa.string()),
        ("outcome", pa.string()),  # green | not_green | out_of_scope
        ("basis", pa.string()),
        ("certificate_no", pa.string()),
        ("valid_from", pa.date32()),  # of a conformity proof or a span a person entered
        ("valid_until", pa.date32()),
        ("reason", pa.string()),
        ("decided_by", pa.string()),
        ("decided_on", pa.date32()),
    ]
)

VERDICTS = pa.schema(
    [
        ("product_key", pa.int64()),
        ("item_group", pa.string()),
        ("state", pa.string()),  # decided | undetermined | out_of_scope
        ("method", pa.string()),  # identification_number | certificate_number | supplier_model | name | human | ...
        ("score", pa.float64()),  # similarity 0..1 of a text method; NULL otherwise
        ("group_method", pa.string()),  # detail_code | class_code | certificate | hint | text | human | NULL
        ("group_score", pa.float64()),
        ("evidence", pa.string()),  # JSON: codes and parameters that `explain` words
    ]
)

SPANS = pa.schema(
    [
        ("product_key", pa.int64()),
        ("basis", pa.string()),
        ("certificate_no", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),  # exclusive
        ("certain", pa.bool_()),  # false: validity cannot be known (revoked without a date, undated label)
    ]
)

TIMELINE = pa.schema(
    [
        ("product_key", pa.int64()),
        ("item_group", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),  # exclusive
        ("state", pa.string()),  # green | not_green | undetermined | not_eligible
    ]
)
