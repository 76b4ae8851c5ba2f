"""Synthetic files of any size, the same bytes each time: purchases, a registry, lines and a timeline on disk."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from chorok.ledger import registry, schema
from chorok.ledger.engines import connect, quoted

FOLDER = Path("bench-data")
GROUPS = 160
MAKERS = 5_000
ORGANISATIONS = 400
NAMED = 100  # one product in so many is known by name only

_PRODUCT = "hash(i * 3) % {products}"
_LINE = f"""
SELECT 'R' || lpad((i // 5)::VARCHAR, 9, '0') AS "납품요구번호", (i % 5 + 1)::VARCHAR AS "물품순번",
  strftime(DATE '2015-01-01' + (hash(i) % 1826)::INT, '%Y-%m-%d') AS "납품요구일자",
  'BENCH-' || lpad((hash(i * 7) % {ORGANISATIONS})::VARCHAR, 3, '0') AS "수요기관코드",
  CASE WHEN p % {NAMED} = 0 THEN NULL ELSE (10000000 + p)::VARCHAR END AS "물품식별번호",
  CASE WHEN p % {NAMED} = 0 THEN NULL ELSE '9900' || lpad((p % {GROUPS})::VARCHAR, 4, '0') END AS "물품분류번호",
  '제품군' || (p % {GROUPS})::VARCHAR || ' 제품' AS "품명", 'BX-' || p::VARCHAR || 'K' AS "규격",
  (1 + hash(i * 13) % 9)::VARCHAR AS "수량", '개' AS "단위", (100 + hash(i * 11) % 5000000)::VARCHAR AS "금액",
  (1000000000 + p % {MAKERS})::VARCHAR AS "사업자등록번호", '주식회사 예시' || (p % {MAKERS})::VARCHAR AS "업체명"
FROM (SELECT i, {_PRODUCT} AS p FROM range({{lines}}) t(i))
"""


def purchases_csv(lines: int, products: int, *, cp949: bool = False) -> Path:
    """Return a CSV of purchases, made when it is not there yet."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"purchases-{lines}-{products}.csv"
    if not file.exists():
        sql = _LINE.format(lines=lines, products=products)
        connect().execute(f"COPY ({sql}) TO {quoted(file)} (HEADER)")
    if not cp949:
        return file
    other = file.with_suffix(".cp949.csv")
    if not other.exists():
        with file.open(encoding="utf-8", newline="") as source, other.open("w", encoding="cp949", newline="") as target:
            while part := source.read(1 << 24):
                target.write(part)
    return other


def fill_registry(ledger: Path, products: int) -> None:
    """Give a ledger item groups for all classes and certificates for half of the products."""
    groups = [
        {
            "code": f"G{n:03d}",
            "name_ko": f"제품군{n}",
            "name_en": f"group {n}",
            "synonyms": [],
            "codes": [f"9900{n:04d}"],
            "mandatory": False,
            "derived": False,
        }
        for n in range(GROUPS)
    ]
    registry.replace_source(ledger, "item_groups", pa.Table.from_pylist(groups, schema=schema.ITEM_GROUPS), "bench")
    connection = connect()
    rows = connection.execute(
        f"""
        SELECT 'BENCH-' || p::VARCHAR AS certificate_no, 'eco_label' AS basis, 'certified' AS status,
          DATE '2014-06-01' + (hash(p) % 1400)::INT AS valid_from,
          (DATE '2014-06-01' + (hash(p) % 1400)::INT + 1095)::DATE AS valid_until,
          CASE WHEN p % {NAMED} = 0 THEN NULL ELSE (10000000 + p)::VARCHAR END AS product_id,
          '9900' || lpad((p % {GROUPS})::VARCHAR, 4, '0') AS class_code,
          '제품군' || (p % {GROUPS})::VARCHAR || ' 제품' AS product_name, 'BX-' || p::VARCHAR || 'K' AS model,
          (1000000000 + p % {MAKERS})::VARCHAR AS supplier_no, '예시' || (p % {MAKERS})::VARCHAR AS supplier_name
        FROM range({products}) t(p) WHERE hash(p) % 2 = 0
        """
    ).to_arrow_table()
    missing = [field for field in schema.CERTIFICATES if field.name not in rows.column_names]
    for field in missing:
        rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    registry.replace_source(ledger, "certificates", rows.select(schema.CERTIFICATES.names), "bench")
