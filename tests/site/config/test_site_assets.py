"""What the pages look like is fetched by pins, and only what pages need is kept."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "src/chorok/site/config/static/chorok"


@pytest.fixture
def assets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_assets", ROOT / "scripts" / "site_assets.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def modules(assets: ModuleType, tmp_path: Path) -> Path:
    """Packages as npm lays them out, with two pictures of which the style sheet names one."""
    folder = tmp_path / "node_modules"
    pictures = (f"{assets.KRDS}/img/icon/named.svg", f"{assets.KRDS}/img/icon/other.svg")
    for name in (*assets.FILES, *pictures):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    style = '.a{background:url(../../img/icon/named.svg)}.b{background:url("../../img/icon/named.svg")}'
    sheet = folder / assets.KRDS / "css/component/output.css"
    sheet.write_text(style + "\n/*# sourceMappingURL=output.css.map */\n", encoding="utf-8")
    return folder


def test_only_what_pages_need_is_copied(assets: ModuleType, modules: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert assets.copied(modules, made) == len(assets.FILES) + 1
    assert (made / "krds/img/icon/named.svg").is_file()
    assert not (made / "krds/img/icon/other.svg").exists()
    assert "sourceMappingURL" not in (made / assets.STYLES).read_text("utf-8")


def test_a_package_that_lacks_a_file_is_said_by_name(assets: ModuleType, modules: Path, tmp_path: Path) -> None:
    (modules / "pretendard/dist/LICENSE.txt").unlink()
    with pytest.raises(SystemExit, match=r"pretendard/dist/LICENSE\.txt"):
        assets.copied(modules, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_nothing_is_fetched_when_the_folder_fits_the_lock(
    assets: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets.sys, "argv", ["site_assets.py"])
    for name in assets.PINS:
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/made-of").write_text(assets.fingerprint(), encoding="utf-8")
    monkeypatch.setattr(assets, "fetch", lambda _scratch: pytest.fail("fetched"))
    assets.main()
    assert "up to date" in capsys.readouterr().out
    (tmp_path / "package-lock.json").write_text("another", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception):
        assets.main()


def test_the_lock_pins_what_is_asked_for_and_names_no_registry() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in entry and "resolved" not in entry for name, entry in lock.items() if name)


def test_every_file_that_our_style_sheets_name_is_kept(assets: ModuleType) -> None:
    kept = set(assets.FILES.values())
    named = {
        found
        for sheet in sorted(STATIC.glob("*.css"))
        for found in re.findall(r"url\([\"']?([^)\"'#]+)[\"']?\)", sheet.read_text("utf-8"))
    }
    assert len(named) > 5
    for name in named:
        assert (STATIC / name).is_file() or name.removeprefix("../vendor/") in kept, name
