"""What would have been stopped in the demo, once more from its raw files: plain Python, nothing of ours."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from demo import oracle

AREA_OF = {"Busan": "부산광역시", "Daejeon": "대전광역시"}


class Mall:
    """Who supplies what where, by detailed item: area, first and last day, days of the certificates."""

    def __init__(self, folder: Path, registry: oracle.Registry) -> None:
        (path,) = (folder / "registry").glob("종합쇼핑몰*.json")
        self.offers: dict[str, list[tuple[str, str, str, list[tuple[str, str]]]]] = defaultdict(list)
        for row in json.loads(path.read_text("utf-8"))["response"]["body"]["items"]:
            spans = registry.spans.get(row["prdctIdntNo"], [])
            days = (row["cntrctBgnDate"], row["cntrctEndDate"])
            if spans:
                self.offers[row["dtilPrdctClsfcNo"]].append((row["prdctSplyRgnNm"], *days, spans))
        self._known: dict[tuple[str, str, str], bool] = {}

    def has(self, detail: str, day: str, city: str) -> bool:
        """Tell whether a certified product of a detailed item could be had in a city on a day."""
        key = (detail, day, city)
        if key not in self._known:
            self._known[key] = any(
                (area == "전국" or AREA_OF[city] in area.split(", "))
                and first <= day <= last
                and any(since <= day <= until for since, until in spans)
                for area, first, last, spans in self.offers[detail]
            )
        return self._known[key]


def stopped(folder: Path) -> dict[tuple[str, str], list[int]]:
    """(city, year) -> lines and won of eligible purchases that were not green and had a sure alternative."""
    registry, lines = oracle.all_lines(folder)
    mall = Mall(folder, registry)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        group, green = registry.verdict(line)
        if group and line["city"] and not green and mall.has(line["detail"], line["date"], line["city"]):
            cell = sums[line["city"], line["date"][:4]]
            cell[0], cell[1] = cell[0] + 1, cell[1] + line["amount"]
    return sums
