"""`python -m benchmarks --size small|full`: every benchmark in one run, as ratios against its yardstick."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
from pathlib import Path

from benchmarks import audit, data, imports, judgement, names, pages, replay, screening, screening_http, search, share

PACKAGES = ("duckdb", "deltalake", "narwhals", "numpy", "tantivy", "pyarrow", "rapidfuzz", "scikit-learn")


def main() -> None:
    """Run all and print a table; the rows are kept as JSON beside the data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument(
        "--only",
        choices=(
            "imports",
            "share",
            "judgement",
            "replay",
            "pages",
            "names",
            "search",
            "screening",
            "screening_http",
            "audit",
        ),
    )
    asked = parser.parse_args()
    data.FOLDER.mkdir(exist_ok=True)
    print(f"{platform.platform()}, Python {platform.python_version()}, {_cpus()} cores")
    print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES))
    rows: dict[str, list[dict[str, object]]] = {}
    modules = (
        ("imports", imports),
        ("share", share),
        ("judgement", judgement),
        ("replay", replay),
        ("pages", pages),
        ("names", names),
        ("search", search),
        ("screening", screening),
        ("screening_http", screening_http),
        ("audit", audit),
    )
    for name, module in modules:
        if asked.only in (None, name):
            rows[name] = module.run(asked.size)
            _print(name, rows[name])
    (data.FOLDER / f"results-{asked.size}.json").write_text(
        json.dumps(rows, indent=1, default=str) + "\n", encoding="utf-8"
    )


def _cpus() -> int:
    return len(Path("/proc/cpuinfo").read_text(encoding="utf-8").split("processor\t")) - 1


def _print(title: str, rows: list[dict[str, object]]) -> None:
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(f"{key}={value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
