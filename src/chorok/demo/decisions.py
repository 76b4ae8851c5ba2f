"""The demo's review decisions: what its officers found out about products that a file alone cannot settle."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from chorok.demo.catalogue import MODELS, Catalogue, Certificate, Pair, date_text
from chorok.demo.koneps import product_columns
from chorok.demo.named import Named, product_key
from chorok.demo.vocabulary import item_groups

HEADER = (
    "product_key", "item_group", "outcome", "basis", "certificate_no", "valid_from", "valid_until", "reason",
    "decided_by", "decided_on", "kind", "product_id", "detail_code", "class_code", "item_hint", "supplier_no",
    "supplier_name", "description", "specification",
)  # fmt: skip
OFFICER = "demo-officer"
DECIDED_ON = "2020-10-30"
REASONS = {  # by what the officer found: green, not green, no item group
    1: "거래명세서와 인증서 확인: {text} (예시 자료)",
    0: "거래명세서 확인: {text} 인증 없음 (예시 자료)",
    -1: "녹색제품 대상 품목 아님 (예시 자료)",
}
GIVEN_UP = "인증포기일을 업체에 확인함 (예시 자료)"


def write(path: Path, products: Iterable[Named], catalogue: Catalogue, bought: Container[int]) -> int:
    """Write decisions.csv (UTF-8): the name-only products and those whose certificate was given up.

    Only products with a key in `bought` are in it, and none that nobody has decided on. Returns the number of rows.
    """
    rows = sorted(row for row in (*_named(products), *_given_up(catalogue)) if int(row[0]) in bought)
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([HEADER, *rows])
    path.write_bytes(buffer.getvalue().encode())
    return len(rows)


def _named(products: Iterable[Named]) -> Iterator[tuple[str, ...]]:
    for one in products:
        if one.decided:
            reason = REASONS[one.green].format(text=one.description)
            yield (*_finding(one.key, one.pair, one.green == 1, reason), *one.columns)


def _given_up(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for pair in catalogue.pairs:
        if pair.status == "given_up":
            for model in range(MODELS):
                columns = product_columns(pair, model)
                yield (*_finding(product_key(columns), pair, True, GIVEN_UP), *columns)


def _finding(key: int, pair: Pair | None, green: bool, reason: str) -> tuple[str, ...]:
    if pair is None:
        return (str(key), "", "out_of_scope", "", "", "", "", reason, OFFICER, DECIDED_ON)
    group = item_groups()[pair.group].code
    if not green:
        return (str(key), group, "not_green", "", "", "", "", reason, OFFICER, DECIDED_ON)
    one: Certificate = pair.certificates[0]
    span = (date_text(pair.since), date_text(pair.until - 1))
    return (str(key), group, "green", one.basis, one.number, *span, reason, OFFICER, DECIDED_ON)
