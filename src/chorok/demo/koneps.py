"""Delivery-request lines as the KONEPS API names them (getDlvrReqDtlInfoList), with change orders."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from chorok.demo.catalogue import MODELS, Catalogue, Pair, days
from chorok.demo.lines import KONEPS, Ints, Lines
from chorok.demo.named import product_key
from chorok.demo.vocabulary import item_groups, offices

CITY_NAMES = ("부산광역시", "대전광역시")
CITY_CODES = ("26", "30")
COLUMNS = {
    "source_key": "dlvrReqNo",
    "source_line": "prdctSno",
    "order_date": "IntlCntrctDlvrReqDate",
    "organisation_code": "dminsttCd",
    "organisation_name": "dminsttNm",
    "supplier_no": "cntrctCorpBizno",
    "supplier_name": "corpNm",
    "product_id": "prdctIdntNo",
    "class_code": "prdctClsfcNo",
    "detail_code": "dtilPrdctClsfcNo",
    "item_hint": "dtilPrdctClsfcNoNm",
    "description": "prdctIdntNoNm",
    "quantity": "prdctQty",
    "unit": "prdctUnit",
    "unit_price": "prdctUprc",
    "amount": "prdctAmt",
    "furnished_material": "cnstwkMtrlDrctPurchsObjYn",
    "change_order": "dlvrReqChgOrd",
    "final": "fnlDlvrReqYn",
}
"""Field -> column, as the demo means them."""

CHANGED_PER_MILLE = 15
UNFINISHED = 12
"""Changed requests without any final row: the highest change order counts, provisionally."""
LAST_DAY = days(2020, 10, 31)


def identification(catalogue: Catalogue) -> pa.Table:
    """Return one row a product (position = pair * 2 + model): its identifying texts and its product key."""
    rows = []
    for pair in catalogue.pairs:
        furnished = "Y" if pair.group >= 0 and item_groups()[pair.group].furnished and pair.position % 3 else "N"
        for model in range(MODELS):
            columns = product_columns(pair, model)
            rows.append((*columns[1:8], pair.item[3], furnished, product_key(columns)))
    names = ("id", "detail", "class", "name", "number", "supplier", "text", "unit", "furnished", "key")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def product_columns(pair: Pair, model: int) -> tuple[str, ...]:
    """Return a model's identifying columns as written, in the order of `schema.PRODUCT_COLUMNS`."""
    class_code, detail_code, name, _ = pair.item
    supplier = pair.supplier
    text = f"{name}, {supplier.bare_name}, {pair.models[model]}, {pair.specification}"
    return ("goods", pair.product_id(model), detail_code, class_code, name, supplier.number, supplier.name, text, "")


def order_rows(lines: Lines, rng: np.random.Generator) -> pa.Table:
    """Return the rows of all delivery-request lines, change orders included, in the order of their receipt.

    `line` is the position in `lines`; `counts` marks the row whose amount is the truth; `file_year` is the year
    in whose file the row lies, which for late change orders is not the year of the first order.
    """
    own = np.flatnonzero(lines["source"] == KONEPS)
    _, request = np.unique(lines["request"][own], return_inverse=True)
    changes = _changes(int(request.max()) + 1, rng)
    copies = changes[request] + 1
    at = np.repeat(np.arange(len(own)), copies)
    order = np.arange(len(at)) - np.repeat(np.cumsum(copies) - copies, copies)
    first = lines["day"][own][at]
    received = np.minimum(first + order * rng.integers(5, 70, len(changes))[request][at], LAST_DAY)
    last = order == copies[at] - 1
    factor = np.array([80, 90, 110, 125])[rng.integers(0, 4, len(changes))[request][at]]
    amount = lines["amount"][own][at]
    amount = np.where(last, amount, (amount * factor // 100 + order * 10) // 10 * 10)
    unfinished = np.isin(request, np.flatnonzero(changes)[:UNFINISHED])[at]
    table = pa.table(
        {
            "line": own[at],
            "request": request[at],
            "order": order,
            "received": received,
            "file_year": pc.year(pa.array(received.astype(np.int32)).cast(pa.date32())),
            "final": np.where(last & ~unfinished, "Y", "N"),
            "counts": last,
            "amount": amount,
            "difference": amount - np.where(order > 0, np.roll(amount, 1), 0),
            "total": _totals(request[at], order, amount),
        }
    )
    keys = ("received", "request", "order", "line")
    return table.sort_by([(key, "ascending") for key in keys])


def _changes(requests: int, rng: np.random.Generator) -> Ints:
    dice = rng.integers(0, 1000, requests)
    return (dice < CHANGED_PER_MILLE).astype(np.int64) + (dice < CHANGED_PER_MILLE // 4)


def _totals(request: Ints, order: Ints, amount: Ints) -> Ints:
    """Sum the amounts of each request and change order, for every row: what dlvrReqAmt shows, and is no line's."""
    depth = request * 8 + order
    totals = np.zeros(int(depth.max()) + 1, np.int64)
    np.add.at(totals, depth, amount)
    of_row: Ints = totals[depth]
    return of_row


def written(rows: pa.Table, lines: Lines, products: pa.Table) -> pa.Table:
    """Return rows with the API's column names, every value text."""
    line = lines[rows["line"].to_numpy()]
    product = products.take(pa.array(line["product"]))
    office = _office_table().take(pa.array(line["office"]))
    amount = rows["amount"].to_numpy()
    quantity = np.array([1, 2, 5, 10, 20, 50])[rows["request"].to_numpy() % 6]
    quantity = np.where(amount % quantity == 0, quantity, 1)
    received = rows["received"].to_numpy()
    n, order = len(amount), _padded(rows["order"], 2)
    columns = {
        "IntlCntrctDlvrReqDate": _dates(line["day"]),
        "brnofceNm": _same("", n),
        "cnstwkMtrlDrctPurchsObjYn": product["furnished"],
        "cntrctChgOrd": _same("00", n),
        "cntrctCnclsStleNm": _same("제3자단가계약", n),
        "cntrctCorpBizno": product["number"],
        "cntrctNo": _joined("D00", product["id"]),
        "corpEntrprsDivNmNm": _same("중소기업", n),
        "corpNm": product["supplier"],
        "dlvrReqAmt": rows["total"].cast(pa.string()),
        "dlvrReqChgOrd": order,
        "dlvrReqNm": pc.binary_join_element_wise(office["name"], product["name"], "구매", " "),
        "dlvrReqNo": request_numbers(rows, lines),
        "dlvrReqQty": pa.array(quantity).cast(pa.string()),
        "dlvrReqRcptDate": _dates(received),
        "dlvrTmlmtDate": _dates(received + 30),
        "dminsttBizno": _same("", n),
        "dminsttCd": office["code"],
        "dminsttNm": office["name"],
        "dminsttRgnNm": office["region"],
        "dmndInsttDivNm": _same("지방자치단체", n),
        "dtilPrdctClsfcNo": product["detail"],
        "dtilPrdctClsfcNoNm": product["name"],
        "exclcProdctYn": _same("N", n),
        "fnlDlvrReqYn": rows["final"],
        "incdecAmt": rows["difference"].cast(pa.string()),
        "incdecQty": pa.array(np.where(rows["order"].to_numpy() == 0, quantity, 0)).cast(pa.string()),
        "masYn": _same("Y", n),
        "optnDivCdNm": _same("", n),
        "prdctAmt": rows["amount"].cast(pa.string()),
        "prdctClsfcNo": product["class"],
        "prdctClsfcNoNm": product["name"],
        "prdctIdntNo": product["id"],
        "prdctIdntNoNm": product["text"],
        "prdctQty": pa.array(quantity).cast(pa.string()),
        "prdctSno": pa.array(line["number"]).cast(pa.string()),
        "prdctUnit": product["unit"],
        "prdctUprc": pa.array(amount // quantity).cast(pa.string()),
        "smetprCmptProdctYn": _same("N", n),
    }
    return pa.table(columns)


def request_numbers(rows: pa.Table, lines: Lines) -> pa.Array:
    """Return the request numbers, e.g. D2618000001234: city, year of the first order, running number."""
    line = lines[rows["line"].to_numpy()]
    code = pa.array(line["city"] * 4 + 26).cast(pa.string())
    return pc.binary_join_element_wise(
        "D", code, _padded(pa.array(line["year"] - 2000), 2), _padded(rows["request"], 8), ""
    )


def _same(text: str, count: int) -> pa.Array:
    return pa.repeat(text, count)


def _padded(numbers: pa.Array, width: int) -> pa.Array:
    return pc.utf8_lpad(numbers.cast(pa.string()), width, padding="0")


def _joined(prefix: str, column: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(prefix, column, "")


def _dates(numbers: Ints) -> pa.Array:
    return pa.array(numbers.astype(np.int32)).cast(pa.date32()).cast(pa.string())


def _office_table() -> pa.Table:
    known = offices()
    names = {"code": [one.code for one in known], "name": [one.name for one in known]}
    return pa.table({**names, "region": [CITY_NAMES[one.city] for one in known]})


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CP949 CSV, the way Korean offices download it."""
    buffer = io.BytesIO()
    csv.write_csv(table, buffer, csv.WriteOptions(quoting_style="needed"))
    path.write_bytes(buffer.getvalue().decode("utf-8").encode("cp949"))


def write_api(path: Path, table: pa.Table) -> None:
    """Write a table as the answer of the data.go.kr gateway, one item a line."""
    path.write_text(gateway_answer(table.to_pylist()), encoding="utf-8")


def gateway_answer(items: Sequence[dict[str, str]]) -> str:
    """Return the JSON text of a gateway answer: header, items, totalCount."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items)
    head = '{"response":{"header":{"resultCode":"00","resultMsg":"정상"},"body":{"items":[\n'
    return f'{head}{lines}\n],"numOfRows":{len(items)},"pageNo":1,"totalCount":{len(items)}}}}}}}\n'


def files(rows: pa.Table, lines: Lines) -> Iterator[tuple[int, int, pa.Table]]:
    """Yield (city, year of the file, its rows) in the order in which they are imported: by year, then by city."""
    city = lines["city"][rows["line"].to_numpy()]
    year = rows["file_year"].to_numpy()
    for one in range(2015, 2021):
        for place in range(len(CITY_NAMES)):
            yield place, one, rows.filter(pa.array((city == place) & (year == one)))
