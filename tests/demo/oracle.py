"""Table 1 once more, from the demo's raw files, registry files and decisions alone: plain Python, nothing of ours."""

import csv
import datetime as dt
import hashlib
import html
import json
import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl

LABELS = {"환경표지": "eco_label", "GR(우수재활용)": "gr", "저탄소제품": "low_carbon"}
LOW_CARBON_SINCE = "2020-07-30"


def rows_of(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def city_of(code: str) -> str | None:
    return {"DEMO-26": "Busan", "DEMO-30": "Daejeon"}.get(code[:7])


class Registry:
    """What the lists say: item group of a code, and when a product is certified."""

    def __init__(self, folder: Path) -> None:
        registry = folder / "registry"
        self.groups = {
            code: row["code"] for row in rows_of(registry / "item_groups.csv") for code in row["codes"].split("|")
        }
        organisations = rows_of(registry / "organisations.csv")
        self.offices = {row["code"] for row in organisations}
        self.names = {
            (city_of(row["code"]), name): row["code"]
            for row in organisations
            for name in (row["name_ko"], *row["aliases"].split("|"))
        }
        self.revoked = {
            row["prodRsid"]: row["prodRtdt"] for row in rows_of(next(registry.glob("환경표지 해지*.csv")), "cp949")
        }
        self.spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._keiti(rows_of(next(registry.glob("환경표지 인증*.csv")), "cp949"))
        self._pps(rows_of(next(registry.glob("조달청*.csv")), "cp949"))
        self.decisions = {int(row["product_key"]): row for row in rows_of(folder / "decisions.csv")}

    def _keiti(self, rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["환경표지여부"] == "Y" and row["인증상태"] != "인증포기":
                until = row["환경표지인증종료일"]
                if row["인증번호"] in self.revoked:
                    last = dt.date.fromisoformat(self.revoked[row["인증번호"]]) - dt.timedelta(1)
                    until = min(until, last.isoformat())
                self.spans[row["식별번호"]].append((row["환경표지인증시작일"], until))

    def _pps(self, rows: list[dict[str, str]]) -> None:
        for row in rows:
            basis = LABELS.get(row["인증구분"])
            since = max(row["유효기간시작일자"], LOW_CARBON_SINCE) if basis == "low_carbon" else row["유효기간시작일자"]
            if basis:
                self.spans[row["물품식별번호"]].append((since, row["유효기간종료일자"]))

    def verdict(self, line: dict[str, str]) -> tuple[str | None, bool | None]:
        """Item group (None: not eligible or not known) and green (None: not determined)."""
        decision = self.decisions.get(line["key"])
        if decision:
            if decision["outcome"] == "out_of_scope":
                return None, False
            within = decision["valid_from"] <= line["date"] <= decision["valid_until"]
            return decision["item_group"], decision["outcome"] == "green" and within
        group = self.groups.get(line["detail"])
        if group is None:
            return None, None if not line["product"] else False
        return group, any(since <= line["date"] <= until for since, until in self.spans.get(line["product"], ()))


def key_of(*columns: str) -> int:
    return int.from_bytes(hashlib.md5("\x1f".join(columns).encode()).digest(), "little") % (1 << 60)


def line_of(file: str, city: str | None, date: str, amount: int, columns: tuple[str, ...], row: str) -> dict:
    return {
        "file": file, "row": row, "city": city, "date": date, "amount": amount, "key": key_of(*columns),
        "product": columns[1], "detail": columns[2],
    }  # fmt: skip


def orders(folder: Path, registry: Registry) -> list[dict]:
    found: dict[tuple[str, str], dict[str, tuple[str, dict[str, str]]]] = defaultdict(dict)
    paths = sorted(
        (folder / "raw").glob("*납품요구*"), key=lambda path: ("재송부" in path.name or "(1)" in path.name, path.name)
    )
    for path in paths:
        if path.suffix == ".json":
            rows = json.loads(path.read_text("utf-8"))["response"]["body"]["items"]
        else:
            rows = rows_of(path, "cp949")
        for row in rows:
            found[row["dlvrReqNo"], row["prdctSno"]].setdefault(row["dlvrReqChgOrd"], (path.name, row))
    lines = []
    for (number, line), by_order in found.items():
        first = by_order[min(by_order)][1]
        name, row = next((one for one in by_order.values() if one[1]["fnlDlvrReqYn"] == "Y"), by_order[max(by_order)])
        columns = ("goods", row["prdctIdntNo"], row["dtilPrdctClsfcNo"], row["prdctClsfcNo"], row["dtilPrdctClsfcNoNm"],
                   row["cntrctCorpBizno"], row["corpNm"], row["prdctIdntNoNm"], "")  # fmt: skip
        city = city_of(row["dminsttCd"]) if row["dminsttCd"] in registry.offices else None
        lines.append(
            line_of(name, city, first["IntlCntrctDlvrReqDate"], int(row["prdctAmt"]), columns, f"{number}-{line}")
        )
    return lines


def cards(folder: Path, registry: Registry) -> list[dict]:
    lines = []
    for path in sorted((folder / "raw").glob("*카드*.xlsx")):
        city = {"부": "Busan", "대": "Daejeon"}[path.name[0]]
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        for i, row in enumerate(sheet.iter_rows(min_row=4, values_only=True), 4):
            if isinstance(row[1], dt.datetime) and isinstance(row[8], int | float):
                assert (city, row[2]) in registry.names
                columns = ("goods", "", "", "", "", row[6].replace("-", ""), row[5], row[7], "")
                lines.append(line_of(path.name, city, row[1].date().isoformat(), int(row[8]), columns, str(i)))
    return lines


def own_lists(folder: Path) -> list[dict]:
    lines = []
    paths = [
        *(folder / "raw").glob("해운대구*.csv"),
        *(folder / "raw").glob("부산진구*.csv"),
        *(folder / "mended").glob("*.csv"),
    ]
    for path in sorted(one for one in paths if one.name != "해운대구 2019 물품구매(예시).csv"):  # replaced
        with path.open(encoding="utf-8", newline="") as file:
            for i, row in enumerate(csv.reader(file), 1):
                if len(row) == 7 and re.fullmatch(r"\(?[\d,]+\)?", row[6]) and _date(row[1]):
                    amount = int(row[6].strip("()").replace(",", "")) * (-1 if row[6][0] == "(" else 1)
                    columns = ("goods", "", "", "", "", "", row[5], row[3], row[4])
                    lines.append(line_of(path.name, "Busan", _date(row[1]), amount, columns, str(i)))
    return lines


def _date(text: str) -> str:
    try:
        return dt.datetime.strptime(text, "%Y.%m.%d").date().isoformat()
    except ValueError:
        return ""


def tables(folder: Path) -> list[dict]:
    (path,) = (folder / "raw").glob("*.xls")
    lines = []
    for i, row in enumerate(re.findall(r"<tr>(.*?)</tr>", path.read_text("utf-8")), 1):
        cells = [html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row)]
        if len(cells) == 7 and re.fullmatch(r"\d{4}-\d\d-\d\d", cells[1]):
            columns = ("goods", "", "", "", "", "", cells[5], cells[3], cells[4])
            amount = int(cells[6].replace(",", "")) * 1000
            lines.append(line_of(path.name, "Daejeon", cells[1], amount, columns, str(i)))
    return lines


def all_lines(folder: Path) -> tuple[Registry, list[dict]]:
    registry = Registry(folder)
    return registry, [*orders(folder, registry), *cards(folder, registry), *own_lists(folder), *tables(folder)]


def table_1(registry: Registry, lines: list[dict]) -> dict[tuple[str, int, str], list[int]]:
    """(city, year, item group) -> [total, green] in won, after the decisions."""
    sums: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        group, green = registry.verdict(line)
        if group and line["city"]:
            cell = sums[line["city"], int(line["date"][:4]), group]
            cell[0] += line["amount"]
            cell[1] += line["amount"] if green else 0
    return sums


def percent(green: int, total: int, digits: int) -> str:
    exact = Decimal(green) * 100 / Decimal(total)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
