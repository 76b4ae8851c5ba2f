"""What an office keeps beside its lines: targets, city profiles, schemes ... as TOML files in the ledger folder.

Each file is one array of tables (`[[targets]]` in `targets.toml`), which people may edit by hand.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from chorok.core import records
from chorok.core.errors import BadInputError
from chorok.ledger.store import Ledger, write_whole

Kept = TypeVar("Kept")


def file_of(ledger: Ledger, name: str) -> Path:
    """Return where the records of a name lie, there or not."""
    return ledger.path / f"{name}.toml"


def every(ledger: Ledger, name: str, kind: type[Kept]) -> tuple[Kept, ...]:
    """Return the records of a name in the order in which they were written; none when there is no file.

    Raises BadInputError when the file is not TOML, or a record is not one.
    """
    file = file_of(ledger, name)
    return read(file, name, kind) if file.exists() else ()


def read(file: Path, name: str, kind: type[Kept]) -> tuple[Kept, ...]:
    """Return the records of any TOML file that holds `[[name]]` tables and nothing else. Raises BadInputError."""
    data = read_toml(file)
    for key in data:
        if key != name:
            raise BadInputError("record_key_unknown", where=file.name, key=key, known=name)
    found = data.get(name, [])
    if not isinstance(found, list):
        raise BadInputError("record_value_bad", where=file.name, key=name, value=found, wanted=f"[[{name}]]")
    return tuple(records.make(kind, one, f"{file.name}, {name} {place}") for place, one in enumerate(found, 1))


def read_toml(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file, numbers with decimals as text. Raises BadInputError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"), parse_float=str)
    except FileNotFoundError as error:
        raise BadInputError("kept_missing", file=file) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInputError("kept_bad", file=file, detail=error) from error


def add(ledger: Ledger, name: str, record: Any) -> Path:
    """Write one more record behind those that are there, whole or not at all; what people wrote by hand stays."""
    with ledger.writing():
        return append(ledger, name, record)


def append(ledger: Ledger, name: str, record: Any) -> Path:
    """As `add`, for one who holds the ledger's write lock."""
    file = file_of(ledger, name)
    before = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    write_whole(file, before + gap + records.written(record, name))
    return file


def put(ledger: Ledger, name: str, record: Any, place: int | None) -> Path:
    """Write a record in the place of another (the n-th, from 0), or behind all for None; the rest stays to the letter.

    The caller holds the ledger's write lock. Raises IndexError for a place that there is not.
    """
    if place is None:
        return append(ledger, name, record)
    file = file_of(ledger, name)
    text = file.read_text(encoding="utf-8-sig")
    starts = [found.start() for found in re.finditer(rf"(?m)^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]", text)]
    begin, after = starts[place], (*starts, len(text))[place + 1]
    # What stands between this record and the next, such as a remark on the next one, stays too.
    kept = re.search(r"(?s)(\n[ \t]*(?:#[^\n]*)?)*\n?$", text[begin:after])
    write_whole(
        file,
        text[:begin] + records.written(record, name).rstrip("\n") + (kept.group() if kept else "\n") + text[after:],
    )
    return file
