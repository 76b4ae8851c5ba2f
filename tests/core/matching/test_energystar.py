"""Real lists of certified products with aliases and wildcards; skipped where they are not at hand."""

import csv
import os
import random
import re
from pathlib import Path

import pyarrow as pa
import pytest

from chorok.core.matching.models import SupplierModels, covers, model_keys
from chorok.core.matching.names import NamedCandidate, ProductText, decide
from chorok.core.matching.text import MINIMUM_CODE, squeeze
from chorok.ledger.names import NameIndex
from chorok.ledger.schema import CERTIFICATES

SHARED = Path(os.environ.get("CHOROK_SHARED") or Path(__file__).parents[4] / "shared")
LISTS = SHARED / "data" / "registries" / "energystar"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="the ENERGY STAR lists are not here")


REMARK = re.compile(
    r"(?i)colou?r|handset|\d\s*hs\b|charger|base\b|finish|stainless|communication|n/?a$|same as|series$|\bwith\b|:"
)


def split_aliases(text: str) -> list[str]:
    """Model names in a free-text field 'HW-M560,HW-M560,; SUBWOOFER,HTS10 BRN,', without the remarks among them."""
    parts = dict.fromkeys(part.strip() for part in re.split(r"[;,\n|]+", text))
    return [part for part in parts if _is_code(re.sub(r"[*#]", "", squeeze(part))) and not REMARK.search(part)]


def _is_code(bare: str) -> bool:
    return len(bare) >= MINIMUM_CODE and any(letter.isdigit() for letter in bare)


def products() -> list[tuple[str, tuple[str, ...]]]:
    rows = []
    for path in sorted(LISTS.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += [
                (line["Brand Name"], (line["Model Number"], *split_aliases(line["Additional Model Information"])))
                for line in csv.DictReader(file)
            ]
    return rows


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, tuple[str, ...]]]:
    return products()


@pytest.fixture(scope="module")
def halves(rows) -> tuple[list[int], list[int]]:
    """Rows kept in the list and rows left out (30 %); a model that two rows carry is never split."""
    out = set(random.Random(7).sample(range(len(rows)), len(rows) * 3 // 10))
    return [row for row in range(len(rows)) if row not in out], sorted(out)


def truly_listed(rows, found, brand, alias) -> bool:
    """Some of the rows found list this very model; sister brands ('Danby', 'Danby Designer') may list it too."""
    return any(akin(rows[row][0], brand) and any(names(model, alias) for model in rows[row][1]) for row in found)


def akin(one: str, other: str) -> bool:
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return short in long


def names(model: str, alias: str) -> bool:
    wanted = squeeze(alias)
    return squeeze(model) in wanted or any(key == wanted or covers(key, wanted) for key in model_keys(model))


def test_brand_and_alias_find_the_right_row(rows):
    book = SupplierModels.of(rows)
    asked = [(row, brand, model) for row, (brand, models) in enumerate(rows) for model in models]
    right = sum(row in book.find(brand, model) for row, brand, model in asked)
    assert len(asked) > 5000
    assert right >= 0.998 * len(asked)


def test_what_was_left_out_is_never_taken_for_another(rows, halves):
    kept, out = halves
    book = SupplierModels.of(rows[row] for row in kept)
    asked = [(rows[row][0], model) for row in out for model in rows[row][1]]
    found = [(brand, model, [kept[place] for place in book.find(brand, model)]) for brand, model in asked]
    taken = [case for case in found if case[2]]
    assert len(taken) < 0.15 * len(asked)
    assert all(truly_listed(rows, places, brand, model) for brand, model, places in taken)


def test_by_name_left_out_products_stay_open_and_listed_ones_are_found(rows, halves, tmp_path):
    kept, out = halves
    index = NameIndex.build(tmp_path / "names", as_table([rows[row] for row in kept]))
    dice = random.Random(8)
    accepted = wrong = 0
    present = [(row, model) for row in dice.sample(kept, 700) for model in rows[row][1][:1]]
    absent = [(row, model) for row in dice.sample(out, 700) for model in rows[row][1][:1]]
    texts = [f"{rows[row][0]} {model}" for row, model in present + absent]
    for place, ((row, model), hits) in enumerate(zip(present + absent, index.search(texts), strict=True)):
        candidates = [
            NamedCandidate(hit.row, hit.score, rows[kept[hit.row]][1], rows[kept[hit.row]][0]) for hit in hits
        ]
        verdict = decide(ProductText(texts[place], rows[row][0]), candidates)
        if verdict.state == "accepted":
            accepted += place < len(present)
            wrong += not truly_listed(rows, [kept[found] for found in verdict.rows], rows[row][0], model)
    assert wrong == 0
    assert accepted >= 0.9 * len(present)


def as_table(listed: list[tuple[str, tuple[str, ...]]]) -> pa.Table:
    columns = {
        "product_name": [brand for brand, _ in listed],
        "supplier_name": [brand for brand, _ in listed],
        "model": [models[0] for _, models in listed],
        "aliases": [list(models[1:]) for _, models in listed],
    }
    empty = [None] * len(listed)
    return pa.table({column.name: pa.array(columns.get(column.name, empty), column.type) for column in CERTIFICATES})
