"""Connections: what each has for itself, and what they share."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from chorok.ledger import engines
from chorok.ledger.engines import EngineError, connect


def test_what_one_makes_no_other_sees() -> None:
    with connect() as one, connect() as other:
        one.register("given", pa.table({"n": [1]}))
        one.execute("CREATE TEMP TABLE made AS FROM given")
        for name in ("given", "made"):
            with pytest.raises(EngineError):
                other.execute(f"FROM {name}")
        other.register("given", pa.table({"n": [2]}))
        assert one.execute("FROM given").fetchall() == one.execute("FROM made").fetchall() == [(1,)]


def test_bounds_are_those_of_one_connection(tmp_path: Path) -> None:
    asked = "SELECT current_setting('threads'), current_setting('temp_directory')"
    with connect() as free, connect(threads=1, temp=tmp_path / "spill") as bounded:
        assert bounded.execute(asked).fetchall() == [(1, str(tmp_path / "spill"))]
        assert str(tmp_path) not in free.execute(asked).fetchall()[0][1]


def test_a_database_that_gave_up_is_begun_anew() -> None:
    engines._shared().close()
    with connect() as after:
        assert after.execute("SELECT 7").fetchall() == [(7,)]
