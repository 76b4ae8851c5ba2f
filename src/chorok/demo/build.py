"""Builds the example network: raw files, registry, decisions and the truth behind them. The same bytes each time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from chorok.demo import decisions, koneps, lists, papers, planted
from chorok.demo.catalogue import Catalogue, catalogue
from chorok.demo.lines import CARD, DISTRICT, SMALL, TABLE, Lines, drawn
from chorok.demo.manifest import Manifest, Step
from chorok.demo.named import DISTRICT_YEARS, HAEUNDAE, TABLE_YEAR, YUSEONG, Named, move, named_products
from chorok.demo.papers import CARD_COLUMNS, CONTRACT_COLUMNS, OWN_COLUMNS, TABLE_COLUMNS
from chorok.demo.truth import Truth
from chorok.demo.vocabulary import DATA

Progress = Callable[[str, int, int], None]

SEED = 20201102
SHORT = ("부산광역시", "대전광역시")
CITIES = ("DEMO-26", "DEMO-30")
API_FILE = (1, 2019)
"""City and year whose delivery requests come as the API's JSON."""
RESENT = (0, 2018)
RESENT_ROWS = 1500
RESENT_CHANGED = 30
KONEPS_SOURCE = "koneps"
OWN_SOURCE = "haeundae-own"


def build(folder: Path, progress: Progress | None = None, *, scale: float = 1.0, seed: int = SEED) -> Manifest:
    """Write the example network under a folder and return how to take it in.

    `progress(part, done, total)` is told how far each part is. `scale` shrinks the number of lines, never the
    money, for tests. What the folder held under the demo's own names is replaced. Needs some 400 MB at scale 1.
    """
    builder = _Builder(folder, progress or (lambda part, done, total: None), scale, seed)
    return builder.build()


class _Builder:
    def __init__(self, folder: Path, progress: Progress, scale: float, seed: int) -> None:
        self.folder, self.progress, self.scale = folder, progress, scale
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.steps: list[Step] = []
        self.planted: dict[str, Any] = {}

    def build(self) -> Manifest:
        self._clear()
        self.catalogue: Catalogue = catalogue(self.rng)
        self.named: list[Named] = named_products(self.catalogue, self.rng)
        self.lines: Lines = self._lines()
        self.products = koneps.identification(self.catalogue)
        self.truth = Truth(self.lines, self.products, self.named)
        self._registry()
        self._orders()
        self._cards()
        self._district()
        self._table()
        self._contracts()
        self._mended()
        self._decisions()
        count = self.truth.write(self.folder / "truth" / "lines.parquet")
        self.folder.joinpath("README.txt").write_bytes(DATA.joinpath("README.txt").read_bytes())
        manifest = Manifest(self.folder, tuple(self.steps), self.planted, count)
        manifest.save()
        return manifest

    def _clear(self) -> None:
        for name in ("raw", "registry", "truth", "mended"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(parents=True)

    def _lines(self) -> Lines:
        lines = drawn(self.catalogue, self.scale, self.rng, lambda done, total: self.progress("lines", done, total))
        move(lines, self.named, self.scale, self.rng)
        done = planted.planted(lines, self.named, self.rng)
        self.planted["suspected_doubles"] = len(done.doubles)
        self.planted["suspected_doubles_won"] = int(sum(int(lines["amount"][card]) for card, _ in done.doubles))
        for name, trap in (("damaged", planted.DAMAGED), ("equal_rows", planted.EQUAL), ("returned", planted.RETURNED)):
            self.planted[name] = int((done.lines["trap"] == trap).sum())
        self.planted["unknown_buyer_lines"] = int((done.lines["known"] == 0).sum())
        return done.lines

    def _step(self, path: str, verb: Any, **options: Any) -> None:
        self.steps.append(Step(path, verb, options))

    def _registry(self) -> None:
        lists.write_all(self.folder / "registry", self.catalogue)
        self._step("registry/organisations.csv", "organisations")
        self._step("registry/item_groups.csv", "item_groups")
        for name in lists.CERTIFICATE_FILES:
            self._step(f"registry/{name}", "certificates")

    def _orders(self) -> None:
        rows = koneps.order_rows(self.lines, self.rng)
        self._plant_orders(rows)
        for done, (city, year, part) in enumerate(koneps.files(rows, self.lines), 1):
            suffix = "json" if (city, year) == API_FILE else "csv"
            path = f"raw/{SHORT[city]} {year}년 납품요구 상세내역(예시).{suffix}"
            table = koneps.written(part, self.lines, self.products)
            (koneps.write_api if suffix == "json" else koneps.write_csv)(self.folder / path, table)
            self.truth.orders(path, part)
            self._step(path, "purchases", source=KONEPS_SOURCE, columns=koneps.COLUMNS, expect="accepted")
            if (city, year) == RESENT:
                self._resent(part, table)
            self.progress("orders", done, 12)
        self._sent_twice()

    def _plant_orders(self, rows: pa.Table) -> None:
        order, line = rows["order"].to_numpy(), rows["line"].to_numpy()
        self.planted["change_order_rows"] = int((order > 0).sum())
        year = self.lines["year"][line]
        self.planted["late_change_order_rows"] = int((rows["file_year"].to_numpy() != year).sum())
        self.planted["provisional_lines"] = int(((rows["final"].to_numpy() == "N") & rows["counts"].to_numpy()).sum())

    def _resent(self, part: pa.Table, table: pa.Table) -> None:
        """Send some lines again: most equal, some with another amount, which must be shown and not applied."""
        calm = np.flatnonzero((part["order"].to_numpy() == 0) & (part["final"].to_numpy() == "Y"))[:RESENT_ROWS]
        again = table.take(pa.array(calm))
        won = part["amount"].to_numpy()[calm] + np.where(np.arange(len(calm)) < RESENT_CHANGED, 7_000, 0)
        again = again.set_column(again.column_names.index("prdctAmt"), "prdctAmt", pa.array(won).cast(pa.string()))
        path = f"raw/{SHORT[0]} 2018년 납품요구 재송부(예시).csv"
        koneps.write_csv(self.folder / path, again)
        self._step(path, "purchases", source=KONEPS_SOURCE, columns=koneps.COLUMNS, expect="accepted")
        self.planted["resent_rows"], self.planted["resent_changed"] = len(calm), min(RESENT_CHANGED, len(calm))

    def _sent_twice(self) -> None:
        first = f"raw/{SHORT[1]} 2015년 납품요구 상세내역(예시).csv"
        again = f"raw/{SHORT[1]} 2015년 납품요구 상세내역(예시) (1).csv"
        shutil.copyfile(self.folder / first, self.folder / again)
        self._step(again, "purchases", source=KONEPS_SOURCE, columns=koneps.COLUMNS, expect="already_imported")

    def _cards(self) -> None:
        for year in range(2015, 2021):
            for city, code in enumerate(CITIES):
                mask = (self.lines["source"] == CARD) & (self.lines["year"] == year) & (self.lines["city"] == city)
                path = f"raw/{SHORT[city]} {year}년 일상경비·카드 집행내역(예시).xlsx"
                title = f"{year}년 {SHORT[city]} 일상경비·카드 집행내역 (예시 자료)"
                written = papers.card_workbook(self.folder / path, title, self.lines, mask, self.named)
                self.truth.rows(path, written.positions, written.rows)
                source = f"card-{('busan', 'daejeon')[city]}"
                self._step(path, "purchases", source=source, organisation=code, columns=CARD_COLUMNS, expect="accepted")
            self.progress("cards", year - 2014, 6)
        self.planted["bad_card_rows"] = len(papers.BAD_CARD_ROWS) * 12

    def _own(self, path: str, year: int, expect: str, **falsified: Any) -> papers.Written:
        mask = (self.lines["source"] == DISTRICT) & (self.lines["year"] == year)
        title = f"해운대구 {year}년 물품 구매 내역 (예시 자료)"
        replace = expect == "replaced"
        options = {"source": OWN_SOURCE, "organisation": HAEUNDAE, "columns": OWN_COLUMNS, "replace": replace}
        self._step(path, "purchases", **options, expect=expect)
        return papers.district_csv(self.folder / path, title, self.lines, mask, self.named, **falsified)

    def _district(self) -> None:
        for year in DISTRICT_YEARS[:-1]:
            path = f"raw/해운대구 {year} 물품구매(예시).csv"
            written = self._own(path, year, "accepted")
            good = [i for i, line in enumerate(written.positions) if self.lines["trap"][line] != planted.DAMAGED]
            self.truth.rows(path, [written.positions[i] for i in good], [written.rows[i] for i in good])
        last = DISTRICT_YEARS[-1]
        falsify = {"amount_of": lambda i, amount: amount * 10 if i % 40 == 0 else amount, "dropped": 5}
        self._own(f"raw/해운대구 {last} 물품구매(예시).csv", last, "accepted", **falsify)
        path = f"raw/해운대구 {last} 물품구매 정정본(예시).csv"
        written = self._own(path, last, "replaced")
        self.truth.rows(path, written.positions, written.rows)
        self._unclosed()

    def _mended(self) -> None:
        mended = "mended/해운대구 2018 물품구매 오류행 보완(예시).csv"
        written = papers.mended_csv(self.folder / mended, self.lines, self.named)
        self.truth.rows(mended, written.positions, written.rows)
        self._step(mended, "mended", source=OWN_SOURCE, organisation=HAEUNDAE, columns=OWN_COLUMNS, expect="mended")

    def _unclosed(self) -> None:
        path = "raw/부산진구 2016 소액구매(예시).csv"
        title, mask = "부산진구 2016년 소액구매 내역 (예시 자료)", self.lines["source"] == SMALL
        written = papers.unclosed_csv(self.folder / path, title, self.lines, mask, self.named)
        self.truth.rows(path, written.positions, written.rows)
        options = {"source": "busanjin-own", "organisation": planted.BUSANJIN, "columns": OWN_COLUMNS}
        self._step(path, "purchases", **options, expect="accepted")
        self.planted["unclosed_quote"] = path
        self.planted["unclosed_quote_good_rows"] = len(written.rows)

    def _table(self) -> None:
        path = f"raw/유성구 {TABLE_YEAR}년 물품구매 현황(예시).xls"
        title = f"유성구 {TABLE_YEAR}년 물품구매 현황 (예시 자료)"
        mask = self.lines["source"] == TABLE
        written = papers.html_table(self.folder / path, title, self.lines, mask, self.named)
        self.truth.rows(path, written.positions, written.rows)
        options = {"source": "yuseong-own", "organisation": YUSEONG, "columns": TABLE_COLUMNS}
        self._step(path, "purchases", **options, expect="accepted")
        self.planted["thousand_won_file"] = path

    def _contracts(self) -> None:
        total = 0
        for city, code in enumerate(CITIES):
            path = f"raw/{SHORT[city]} 공사·용역 계약현황(예시).csv"
            count = max(20, int(2500 * self.scale))
            total += sum(papers.contracts_csv(self.folder / path, city, count, self.catalogue, self.rng))
            source = f"contracts-{('busan', 'daejeon')[city]}"
            options = {"source": source, "organisation": code, "columns": CONTRACT_COLUMNS}
            self._step(path, "purchases", **options, expect="accepted")
        self.planted["contracts_won"] = total

    def _decisions(self) -> None:
        bought = self.truth.keys()
        chosen = [one for one in self.named if one.key in bought]
        self.planted["named_products"] = len(chosen)
        self.planted["undecided_products"] = sum(not one.decided for one in chosen)
        path = self.folder / "decisions.csv"
        self.planted["decisions"] = decisions.write(path, self.named, self.catalogue, bought)
        self._step("decisions.csv", "decisions")
