"""The command line as a user meets it: words in, exit code and text out."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import builders
import processes
from builders import CITY, EAST, GREEN, PLAIN, keyed, write_csv
from chorok.cli import main
from chorok.ledger.store import Ledger
from once import once


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Return a function that runs a command."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_it(*words: object) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_it


NAME = '=ㅁㅁ,"ㅁ"'
ROWS = [
    keyed(1, day="2019-03-02", product=GREEN, amount=3000, name="의자", supplier="㈜초록", quantity=3, unit="개"),
    keyed(2, day="2019-03-03", product=PLAIN, class_="90000001", amount=1000, name="의자", quantity=1, unit="개"),
    keyed(3, day="2020-03-02", product=GREEN, amount=500, name="의자", org=EAST, quantity=2, unit="대"),
    keyed(4, day="2019-03-04", amount=2**53 + 2, name=NAME, supplier="@바다"),
    keyed(5, day="미정", amount=70, name="책상"),
]


@pytest.fixture(scope="session")
def cli_ledger(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger that tests only read."""
    made = builders.copy(registered, tmp_path_factory.mktemp("명령") / "장부")
    builders.take(made, write_csv(made.path.parent / "구매.csv", ROWS), language="ko")
    return made


@pytest.fixture
def mine(cli_ledger: Ledger, tmp_path: Path) -> Ledger:
    """A ledger that a test may write to."""
    return builders.copy(cli_ledger.path, tmp_path / "내 장부")


@pytest.fixture(scope="session")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a registry, and a site that stands elsewhere than by default."""

    def make(folder: Path) -> None:
        builders.register(Ledger.create(folder / "원장", "2020-11-02"))
        assert processes.run(processes.begin_site, folder / "원장", folder / "다른 곳") == 0

    return once(tmp_path_factory, "사이트", make)


@pytest.fixture
def attached(_begun: Path, tmp_path: Path) -> Ledger:
    """A ledger that a site was started on; the marker says where the site stands."""
    shutil.copytree(_begun, tmp_path, dirs_exist_ok=True)
    marker = tmp_path / "원장" / "site.toml"
    here = f"folder = {json.dumps(str(tmp_path / '다른 곳'), ensure_ascii=False)}"
    marker.write_text(re.sub("^folder = .*$", here, marker.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    return Ledger.open(tmp_path / "원장")


__all__ = ["CITY", "Ran"]
