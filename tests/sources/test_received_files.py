"""Real files of councils and of a certificate scheme: they open and are understood without help."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from chorok import wording
from chorok.ledger.engines import connect
from chorok.sources.amounts import sql_amount
from chorok.sources.columns import understand
from chorok.sources.dates import sql_date
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables

SHARED = Path(os.environ.get("CHOROK_SHARED", Path(__file__).parents[3] / "shared"))
LEDGERS = sorted(SHARED.glob("data/ledgers/*/*.csv"))
LISTS = sorted(SHARED.glob("data/registries/energystar/*.csv"))


@pytest.mark.skipif(not LEDGERS, reason="the shared files are not here")
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_ledger_is_understood_and_its_sum_is_exact(path: Path, tmp_path: Path) -> None:
    (table,) = open_tables(path, tmp_path)
    understood = understand(table)
    amount = f"c{table.columns.index(understood.columns['amount'])}"
    paid = f"c{table.columns.index(understood.columns['payment_date'])}"
    money, day = sql_amount(amount, understood), sql_date(paid, understood.date_order)
    counts = f"sum({money}), count({money}), count({day}), count(nullif(trim({amount}), ''))"
    query = f"SELECT {counts} FROM ({select_from(table)})"
    total, amounts, dates, filled = connect(threads=1).execute(query).fetchone() or ()
    with path.open(encoding=table.encoding, newline="") as file:
        rows = csv.DictReader(file)
        values = [
            Decimal(cell.strip()) for row in rows if (cell := row.get(understood.columns["amount"])) and cell.strip()
        ]
    assert total == sum(values) * 100
    assert amounts == dates == filled == len(values)
    assert (understood.currency, understood.decimals) == ("XXX", 2)
    assert "supplier_name" in understood.columns
    for code, params in understood.notes:
        assert all(wording.say(code, language, **params) for language in wording.LANGUAGES)


@pytest.mark.skipif(not LISTS, reason="the shared files are not here")
@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_certificate_list_opens(path: Path, tmp_path: Path) -> None:
    (table,) = open_tables(path, tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert table.columns[0] == rows[0][0]
    assert len(table.columns) == len(rows[0])
    assert connect(threads=1).execute(f"SELECT count(*) FROM ({select_from(table)})").fetchone() == (len(rows) - 1,)
