import json

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorok.core.errors import LedgerError
from chorok.core.matching.names import ProductText, decide
from chorok.core.matching.text import normalise
from chorok.ledger.names import NameIndex, named_candidates
from chorok.ledger.schema import CERTIFICATES

NAMES = st.lists(st.text(alphabet="의자책상 abAB12-*", min_size=1, max_size=12), min_size=1, max_size=12)


def certificates(rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in CERTIFICATES.names} for row in rows], CERTIFICATES)


ROWS = [
    {"product_name": "사무용 의자", "model": "CH-100", "supplier_name": "㈜초록", "item_label": "의자"},
    {"product_name": "사무용 의자", "model": "CH-100", "supplier_name": "(주)초록", "item_label": "의자"},
    {"product_name": "사무용 의자", "model": "CH-101", "supplier_name": "㈜초록", "aliases": ["CH-101W", "CH-101B"]},
    {"product_name": "LED 등기구", "model": "LX-40", "supplier_name": "바다조명"},
    {"product_name": "못"},
    {},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> NameIndex:
    return NameIndex.build(tmp_path_factory.mktemp("색인 폴더") / "names", certificates(ROWS))


def rows(index: NameIndex, text: str, limit: int = 20) -> list[int]:
    return [hit.row for hit in index.search([text], limit)[0]]


def test_one_name_stands_for_all_its_rows(index):
    hits = index.search(["사무용 의자 CH-100 ㈜초록"])[0]
    assert [hit.row for hit in hits[:2]] == [0, 1]
    assert hits[0].score == hits[1].score == pytest.approx(1.0)
    assert hits[0].score > hits[2].score > 0


def test_an_alias_finds_its_row_once(index):
    found = rows(index, "초록 CH-101B 의자")
    assert found[0] == 2
    assert found.count(2) == 1


def test_typos_order_and_dropped_words(index):
    assert rows(index, "LX40 등기구")[0] == 3
    assert rows(index, "바다조명 LED 등기고 LX-40 백색 220V")[0] == 3
    assert rows(index, "ＬＸ－４０")[0] == 3


@pytest.mark.parametrize("text", ["", " ", "(주)", "🌱", "ㅋ", "힣힣힣힣"])
def test_what_shares_nothing_finds_nothing(index, text):
    assert index.search([text]) == [[]]


def test_short_and_very_long_texts(index):
    assert rows(index, "못") == [4]
    assert rows(index, "사무용 의자 CH-101W " + "다른 말 " * 2500)[0] == 2
    assert index.search([]) == []


def test_the_limit_counts_names(index):
    assert rows(index, "사무용 의자 CH-100 초록", limit=1) == [0, 1]


def test_the_same_twice_and_after_opening_again(index, tmp_path):
    texts = ["의자", "CH-101", "LED", "초록"]
    built = NameIndex.build(tmp_path / "names", certificates(ROWS))
    opened = NameIndex.open(tmp_path / "names")
    assert built.search(texts) == opened.search(texts) == index.search(texts)
    assert opened.row_count == len(ROWS)


def _read(rows, names):
    return certificates(ROWS).select(names).take(rows).to_pylist()


def test_what_was_found_can_be_decided_on(index):
    [hits, nothing] = index.search(["초록 사무용 의자 CH-101W", ""])
    [candidates, none] = named_candidates(_read, [hits, nothing])
    assert (candidates[0].row, candidates[0].models) == (2, ("CH-101", "CH-101W", "CH-101B"))
    assert (candidates[0].supplier_name, candidates[0].supplier_no, none) == ("㈜초록", "", [])
    assert decide(ProductText("초록 사무용 의자 CH-101W"), candidates).rows == (2,)
    assert decide(ProductText("의자"), candidates).state == "undetermined"


def test_an_index_of_nothing(tmp_path):
    assert NameIndex.build(tmp_path / "names", certificates([])).search(["의자"]) == [[]]


def test_progress_ends_at_all(tmp_path):
    heard = []
    NameIndex.build(tmp_path / "names", certificates(ROWS), lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] > 0


def test_a_folder_is_never_changed_nor_half_there(tmp_path):
    folder = tmp_path / "names"
    NameIndex.build(folder, certificates(ROWS))
    with pytest.raises(LedgerError, match="names_folder_exists"):
        NameIndex.build(folder, certificates(ROWS))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        NameIndex.build(tmp_path / "other", certificates(ROWS), stop)
    assert [path.name for path in tmp_path.iterdir()] == ["names"]


def test_missing_damaged_and_newer_indexes_are_named(tmp_path):
    with pytest.raises(LedgerError, match="names_unreadable"):
        NameIndex.open(tmp_path / "nothing")
    NameIndex.build(tmp_path / "names", certificates(ROWS))
    facts = tmp_path / "names" / "index.json"
    facts.write_text(json.dumps({**json.loads(facts.read_text()), "format": 99}))
    with pytest.raises(LedgerError, match="names_format"):
        NameIndex.open(tmp_path / "names")
    facts.unlink()
    with pytest.raises(LedgerError, match="names_unreadable"):
        NameIndex.open(tmp_path / "names")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES)
def test_an_exact_name_comes_first(tmp_path_factory, names):
    table = certificates([{"product_name": name} for name in names])
    index = NameIndex.build(tmp_path_factory.mktemp("any") / "names", table)
    for name, hits in zip(names, index.search(names), strict=True):
        if normalise(name):
            assert normalise(names[hits[0].row]) == normalise(name)
            assert hits[0].score == pytest.approx(1.0)
