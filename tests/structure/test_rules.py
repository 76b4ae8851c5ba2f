"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from walked import each

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "chorok"
FILES = sorted(SOURCE.rglob("*.py"))
ENGINES = {"duckdb", "pyspark", "pysail"}
CORE_MAY = {"chorok.core", "narwhals", "numpy"}
MONEY = ("core/money.py", "core/measures/share.py", "sources/amounts.py", "ledger/figures.py", "ledger/batches.py",
         "ledger/purchases.py", "sources/staging.py", "sources/validate.py", "publications/exports.py")  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 80


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@each(FILES)
def test_only_one_file_knows_the_engines(path: Path) -> None:
    roots = {module.partition(".")[0] for module in imports(path)}
    assert not roots & ENGINES or name_of(path) == "ledger/engines.py"


@each(sorted((SOURCE / "core").rglob("*.py")))
def test_the_core_is_pure(path: Path) -> None:
    import sys

    ours = {module for module in imports(path) if module.startswith("chorok")}
    assert all(module == "chorok.core" or module.startswith("chorok.core.") for module in ours)
    others = {module.partition(".")[0] for module in imports(path) if not module.startswith("chorok")}
    assert others - set(sys.stdlib_module_names) <= {"narwhals", "numpy", "sklearn"}
    assert not others & {"socket", "urllib", "http", "subprocess", "time", "os", "requests"}
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"date\.today|datetime\.now|time\.time|\bopen\(", text)


@each([SOURCE / name for name in MONEY])
def test_no_float_holds_money(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Name) and node.id == "float"), node.lineno
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round")


def test_the_money_modules_are_there() -> None:
    assert {name_of(path) for path in FILES} >= set(MONEY)


@each(FILES)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < LONGEST_FUNCTION, node.name


def test_functions_are_short_on_the_whole() -> None:
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_every_measure_has_its_page() -> None:
    pages = ROOT / "docs" / "measures"
    assert pages.is_dir()
    measures = {path.stem for path in (SOURCE / "core" / "measures").glob("*.py")} - {"__init__"}
    assert measures <= {page.name.split(".")[0] for page in pages.glob("*.md")}


def test_nothing_speaks_of_where_it_was_made() -> None:
    wrong = re.compile(r"/root/|/tmp/|/home/")
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.toml")]:
        found = wrong.search(path.read_text(encoding="utf-8"))
        assert not found, (path, found)
