"""The example network: Table 1 from its files alone, the same bytes each time, its size, and what is planted."""

import csv
import datetime as dt
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from pyarrow import parquet

from chorok.demo.build import build
from chorok.demo.calibration import CITIES, cells
from chorok.demo.catalogue import catalogue
from chorok.demo.day import DEMO_DAY
from chorok.demo.lines import KONEPS, drawn
from chorok.demo.manifest import Manifest
from chorok.demo.named import move, named_products
from chorok.demo.planted import planted
from chorok.demo.published import TABLE_1, TABLE_2
from chorok.demo.vocabulary import item_groups
from chorok.sources.columns import understand
from chorok.sources.tables import open_tables
from demo import oracle

Read = tuple[oracle.Registry, list[dict]]


@pytest.fixture(scope="session")
def read(folder: Path) -> Read:
    return oracle.all_lines(folder)


def raw(folder: Path, pattern: str) -> Path:
    (path,) = (folder / "raw").glob(pattern)
    return path


def orders_of(folder: Path, pattern: str) -> list[dict[str, str]]:
    return oracle.rows_of(raw(folder, pattern), "cp949")


class TestTruth:
    def test_the_files_give_table_1_to_the_digit(self, read: Read) -> None:
        sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        for (city, year, _), (total, green) in oracle.table_1(*read).items():
            sums[city, year][0] += total
            sums[city, year][1] += green
        for row in TABLE_1:
            total, green = sums[row.city, row.year]
            assert (total, green) == row.won
            digits = len(row.share.partition(".")[2])
            assert oracle.percent(green, total, digits) == row.calibrated_share

    def test_the_files_give_the_item_rates_of_table_2(self, read: Read) -> None:
        table = oracle.table_1(*read)
        codes = {group.name_en: group.code for group in item_groups()}
        for row in TABLE_2:
            for year, printed in ((2018, row.base_2018), (2019, row.result_2019)):
                if row.item != "total":
                    total, green = table[row.city, year, codes[row.item]]
                    assert oracle.percent(green, total, len(printed.partition(".")[2])) == printed

    def test_before_the_decisions_the_published_share_lies_within_the_bounds(self, read: Read) -> None:
        registry, lines = read
        decided, registry.decisions = registry.decisions, {}
        try:
            verdicts = [registry.verdict(line) for line in lines]
        finally:
            registry.decisions = decided
        for row in TABLE_1:
            known = green = unknown = 0
            for line, (group, is_green) in zip(lines, verdicts, strict=True):
                if line["city"] == row.city and int(line["date"][:4]) == row.year:
                    known += line["amount"] if group else 0
                    green += line["amount"] if group and is_green else 0
                    unknown += line["amount"] if is_green is None else 0
            assert green / (known + unknown) < row.won[1] / row.won[0] < (green + unknown) / (known + unknown)
            assert 0.03 < unknown / (known + unknown) < 0.2

    def test_the_truth_file_says_the_same_line_by_line(self, folder: Path, read: Read) -> None:
        registry, lines = read
        mine = {}
        for line in lines:
            group, green = registry.verdict(line)
            decided = line["key"] in registry.decisions or line["product"]
            known = None if group is None else green
            mine[line["file"], line["row"]] = (
                line["city"], int(line["date"][:4]), line["amount"], line["key"], *((group, known) if decided else ())
            )  # fmt: skip
        truth = parquet.read_table(folder / "truth" / "lines.parquet").to_pylist()
        assert len(truth) == len(lines) == len(mine)
        for row in truth:
            found = mine[row["file"].split("/")[1], row["row"]]
            true = (row["city"], row["year"], row["amount"], row["product_key"], row["item_group"], row["green"])
            assert found == true[: len(found)]

    def test_decisions_name_their_products_by_key(self, folder: Path) -> None:
        rows = oracle.rows_of(folder / "decisions.csv")
        columns = (
            "kind", "product_id", "detail_code", "class_code", "item_hint", "supplier_no", "supplier_name",
            "description", "specification",
        )  # fmt: skip
        assert all(int(row["product_key"]) == oracle.key_of(*(row[one] for one in columns)) for row in rows)
        assert len({row["product_key"] for row in rows}) == len(rows)
        bought = set(parquet.read_table(folder / "truth" / "lines.parquet")["product_key"].to_pylist())
        assert {int(row["product_key"]) for row in rows} <= bought
        assert {row["outcome"] for row in rows} == {"green", "not_green", "out_of_scope"}
        assert all(row["valid_from"] and row["certificate_no"] for row in rows if row["outcome"] == "green")


def test_two_builds_are_equal_byte_for_byte(small: Manifest, tmp_path: Path) -> None:
    again = build(tmp_path / "again", scale=0.02)
    names = sorted(path.relative_to(small.folder) for path in small.folder.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(again.folder) for path in again.folder.rglob("*") if path.is_file())
    assert [name for name in names if (small.folder / name).read_bytes() != (again.folder / name).read_bytes()] == []
    assert again.steps == small.steps


def test_another_seed_gives_other_lines_and_the_same_table(tmp_path: Path, small: Manifest) -> None:
    other = build(tmp_path / "other", scale=0.01, seed=7)
    assert (other.folder / "decisions.csv").read_bytes() != (small.folder / "decisions.csv").read_bytes()
    registry, lines = oracle.all_lines(other.folder)
    sums = [0, 0]
    for (city, year, _), (total, green) in oracle.table_1(registry, lines).items():
        if (city, year) == ("Busan", 2019):
            sums = [sums[0] + total, sums[1] + green]
    assert tuple(sums) == next(row.won for row in TABLE_1 if (row.city, row.year) == ("Busan", 2019))


def test_at_full_size_there_are_600000_lines_and_every_cell_is_kept() -> None:
    rng = np.random.Generator(np.random.PCG64(20201102))
    goods = catalogue(rng)
    named = named_products(goods, rng)
    lines = drawn(goods, 1.0, rng, lambda done, total: None)
    move(lines, named, 1.0, rng)
    lines = planted(lines, named, rng).lines
    assert len(lines) >= 600_000
    assert len(goods.suppliers) == 1500
    assert sum(len(pair.certificates) for pair in goods.pairs) >= 5000
    assert 0.3 < (lines["group"] < 0).mean() < 0.4
    for position, cell in enumerate(cells()):
        if position % 25 in (0, 13, 24):
            group = next(one.position for one in item_groups() if one.name_en == cell.item_group)
            mine = lines[(lines["city"] == CITIES.index(cell.city)) & (lines["year"] == cell.year)]
            mine = mine[mine["group"] == group]
            assert mine["amount"].sum() == cell.total
            assert mine["amount"][mine["green"] == 1].sum() == cell.green
            assert mine["amount"][mine["source"] == KONEPS].min() > 0


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(tmp_path / "told", lambda *one: told.append(one), scale=0.005)
    parts = {part for part, _, _ in told}
    assert parts == {"lines", "orders", "cards"}
    for part in parts:
        steps = [(done, total) for one, done, total in told if one == part]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


class TestManifest:
    def test_every_file_is_a_step_and_can_be_read_again(self, small: Manifest) -> None:
        files = {path.relative_to(small.folder).as_posix() for path in small.folder.rglob("*") if path.is_file()}
        steps = {step.path for step in small.steps}
        assert files - steps == {"README.txt", "manifest.json", "truth/lines.parquet"}
        assert steps <= files
        assert Manifest.load(small.folder) == small
        order = ["organisations", "item_groups", "certificates", "purchases", "mended", "decisions"]
        assert list(dict.fromkeys(step.verb for step in small.steps)) == order

    def test_mapped_columns_are_in_the_files(self, small: Manifest) -> None:
        for step in small.steps:
            if step.path.endswith(".csv") and "columns" in step.options:
                data = (small.folder / step.path).read_bytes()
                text = data.decode("cp949" if "납품요구" in step.path or "계약" in step.path else "utf-8")
                headers = {column.strip('"') for line in text.splitlines()[:5] for column in line.split(",")}
                assert set(step.options["columns"].values()) <= headers

    def test_the_files_are_understood_without_help_as_they_are_meant(self, small: Manifest, tmp_path: Path) -> None:
        meant = {step.options["source"]: step for step in small.steps if "columns" in step.options}
        for step in meant.values():
            (table,) = open_tables(small.folder / step.path, tmp_path)
            answers = {name: step.options[name] for name in ("organisation",) if name in step.options}
            found = understand(table, answers=answers)
            extra = set(found.columns) - set(step.options["columns"])
            assert extra <= {"amount_delta"}
            assert {name: found.columns[name] for name in step.options["columns"]} == step.options["columns"]
            assert found.multiplier == (1000 if step.path.endswith(".xls") else 1)


class TestPlanted:
    def test_change_orders_keep_one_final_row_and_some_come_late(self, folder: Path, small: Manifest) -> None:
        rows = orders_of(folder, "부산광역시 2018년 납품요구 상세*") + orders_of(folder, "부산광역시 2019년 납품요구*")
        by_line: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            by_line[row["dlvrReqNo"], row["prdctSno"]].append(row)
        whole = [one for one in by_line.values() if one[0]["dlvrReqChgOrd"] == "00" and len(one) > 1]
        assert whole
        for changes in whole:
            assert sum(row["fnlDlvrReqYn"] == "Y" for row in changes) <= 1
            assert sum(int(row["incdecAmt"]) for row in changes) == int(changes[-1]["prdctAmt"])
            assert len({row["IntlCntrctDlvrReqDate"] for row in changes}) == 1
        assert any(row["IntlCntrctDlvrReqDate"] < "2019" for row in orders_of(folder, "부산광역시 2019년 납품요구*"))
        assert small.planted["late_change_order_rows"] > 0
        assert small.planted["provisional_lines"] > 0

    def test_the_request_total_is_a_trap(self, folder: Path) -> None:
        sums: Counter[tuple[str, str]] = Counter()
        rows = orders_of(folder, "부산광역시 2017년 납품요구*")
        for row in rows:
            sums[row["dlvrReqNo"], row["dlvrReqChgOrd"]] += int(row["prdctAmt"])
        assert all(sums[row["dlvrReqNo"], row["dlvrReqChgOrd"]] == int(row["dlvrReqAmt"]) for row in rows)
        assert any(row["dlvrReqAmt"] != row["prdctAmt"] for row in rows)

    def test_lines_are_sent_again_equal_and_changed(self, folder: Path, small: Manifest) -> None:
        first = {
            (row["dlvrReqNo"], row["prdctSno"], row["dlvrReqChgOrd"]): row
            for row in orders_of(folder, "부산광역시 2018년 납품요구 상세*")
        }
        again = orders_of(folder, "*재송부*")
        changed = [row for row in again if row != first[row["dlvrReqNo"], row["prdctSno"], row["dlvrReqChgOrd"]]]
        assert len(again) == small.planted["resent_rows"]
        assert len(changed) == small.planted["resent_changed"] > 0
        twice = [step for step in small.steps if step.options.get("expect") == "already_imported"]
        assert len(twice) == 1
        assert (folder / twice[0].path).read_bytes() == (folder / twice[0].path.replace(" (1)", "")).read_bytes()

    def test_card_lines_look_like_delivery_requests(self, read: Read, small: Manifest) -> None:
        _, lines = read
        bought = defaultdict(list)
        for line in lines:
            if "납품요구" in line["file"]:
                bought[line["city"], line["amount"]].append(line["date"])
        near = 0
        for line in lines:
            if "카드" in line["file"]:
                day = dt.date.fromisoformat(line["date"])
                dates = [dt.date.fromisoformat(one) for one in bought[line["city"], line["amount"]]]
                near += any(abs((day - one).days) <= 7 for one in dates)
        assert near >= small.planted["suspected_doubles"] > 0

    def test_the_first_district_file_is_wrong_and_the_second_replaces_it(self, folder: Path, small: Manifest) -> None:
        wrong, right = (raw(folder, f"해운대구 2019 물품구매{one}(예시).csv") for one in ("", " 정정본"))
        assert len(wrong.read_text("utf-8").splitlines()) < len(right.read_text("utf-8").splitlines())
        steps = {step.path: step.options for step in small.steps}
        assert steps[f"raw/{right.name}"]["replace"] is True
        assert steps[f"raw/{wrong.name}"]["replace"] is False

    def test_damaged_rows_are_mended(self, folder: Path, small: Manifest) -> None:
        mended = oracle.rows_of(next((folder / "mended").glob("*.csv")))
        assert len(mended) == small.planted["damaged"] > 0
        text = raw(folder, "해운대구 2018 *").read_text("utf-8")
        unreadable = [
            row for row in csv.reader(text.splitlines()) if len(row) == 7 and ("02.30" in row[1] or "O" in row[6])
        ]
        assert 0 < len(unreadable) <= len(mended)
        assert "합계" in text
        assert "(" in text.split("합계")[0].rsplit("\n", 1)[0]

    def test_the_workbook_has_no_identification_numbers_and_bad_rows(self, folder: Path) -> None:
        sheet = openpyxl.load_workbook(raw(folder, "부산광역시 2019년 *.xlsx")).worksheets[0]
        rows = list(sheet.iter_rows(min_row=3, values_only=True))
        assert "식별번호" not in "".join(rows[0])
        assert [(row[1], row[8]) for row in rows[-4:]] == [
            ("2019-02-30", 150000), ("2019-05-07", None), ("2019-05-08", "별도 협의"), ("2019-05-09", "1234.56")
        ]  # fmt: skip

    def test_the_html_table_has_a_unit_note_and_subtotals(self, folder: Path) -> None:
        text = raw(folder, "*.xls").read_text("utf-8")
        assert "(단위: 천원)" in text
        assert "소계" in text
        assert "합계" in text

    def test_models_one_letter_off_certified_ones_are_bought_and_not_green(self, folder: Path) -> None:
        certified = {
            row["모델명"] for row in oracle.rows_of(next((folder / "registry").glob("환경표지 인증*")), "cp949")
        }
        decided = oracle.rows_of(folder / "decisions.csv")
        near = [
            row for row in decided
            if (model := row["description"].split(" ")[-1]).endswith("C") and f"{model[:-1]}A" in certified
        ]  # fmt: skip
        assert {row["outcome"] for row in near} == {"not_green"}

    def test_an_unclosed_quote_is_the_last_row(self, folder: Path, small: Manifest) -> None:
        last = (folder / small.planted["unclosed_quote"]).read_text("utf-8").splitlines()[-1]
        assert last.count('"') == 1

    def test_unknown_buyers_and_same_named_districts(self, folder: Path, read: Read) -> None:
        registry, lines = read
        assert sum(line["city"] is None for line in lines) > 0
        for name in ("서구", "중구", "동구"):
            assert registry.names["Busan", name] != registry.names["Daejeon", name]

    def test_codes_are_visibly_invented(self, folder: Path) -> None:
        for row in orders_of(folder, "대전광역시 2018년 납품요구*"):
            assert row["prdctIdntNo"].startswith("99")
            assert row["prdctClsfcNo"].startswith("99")
            assert row["dtilPrdctClsfcNo"].startswith("99")
            assert row["dminsttCd"].startswith("DEMO-")
            assert row["cntrctCorpBizno"].startswith("000")

    def test_the_api_file_is_an_envelope(self, folder: Path) -> None:
        body = json.loads(raw(folder, "*.json").read_text("utf-8"))["response"]["body"]
        assert body["totalCount"] == len(body["items"]) > 0

    def test_it_is_labelled(self, folder: Path) -> None:
        text = (folder / "README.txt").read_text("utf-8")
        assert "SYNTHETIC" in text
        assert "가공" in text
        assert all("예시" in path.name for path in (folder / "raw").iterdir())


class TestCertificates:
    def test_one_group_has_no_valid_certificate_on_the_day(self, read: Read, folder: Path) -> None:
        registry, _ = read
        today = DEMO_DAY.isoformat()
        group_of = {
            row["식별번호"]: registry.groups[row["분류번호"]]
            for row in oracle.rows_of(next((folder / "registry").glob("환경표지 인증*")), "cp949")
        }
        valid = {
            group_of[product]
            for product, spans in registry.spans.items()
            if product in group_of and any(since <= today <= until for since, until in spans)
        }
        assert {group.code for group in item_groups()} - valid == {"DEMO-IG-25"}

    def test_expired_revoked_and_low_carbon_products_are_bought_when_they_do_not_count(self, read: Read) -> None:
        registry, lines = read
        gone = [
            line for line in lines
            if line["product"] in registry.spans and registry.verdict(line)[1] is False
        ]  # fmt: skip
        assert len(gone) > 20
        later = [
            line for line in lines
            if any(since == oracle.LOW_CARBON_SINCE for since, _ in registry.spans.get(line["product"], ()))
        ]  # fmt: skip
        assert {line["date"] >= oracle.LOW_CARBON_SINCE for line in later} == {True, False}

    def test_labels_that_count_and_that_do_not(self, folder: Path) -> None:
        rows = oracle.rows_of(next((folder / "registry").glob("조달청*")), "cp949")
        labels = {row["인증구분"] for row in rows}
        assert labels == {*oracle.LABELS, "녹색기술인증", "고효율에너지기자재", "환경성적표지"}

    def test_some_certificates_were_given_up_without_a_date(self, folder: Path, read: Read) -> None:
        registry, lines = read
        listed = oracle.rows_of(next((folder / "registry").glob("환경표지 인증*")), "cp949")
        given_up = {row["식별번호"] for row in listed if row["인증상태"] == "인증포기"}
        assert given_up
        assert not given_up & set(registry.spans)
        bought = [line for line in lines if line["product"] in given_up]
        assert all(line["key"] in registry.decisions for line in bought)
