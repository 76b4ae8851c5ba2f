"""JSON and JSON Lines: streamed, nested objects flattened one level with dots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import ijson
import pyarrow as pa

from chorok.core.errors import BadInputError
from chorok.sources import envelopes
from chorok.sources.grids import BATCH, SAMPLE, ParquetRows, batches, file_name, fresh_path
from chorok.sources.layout import unique
from chorok.sources.text import Text, line_of
from chorok.sources.understanding import RawTable

WHOLE = 64 << 20
"""A document without any array of objects is read at once up to this size."""


def json_table(name: str, text: Text, work: Path) -> RawTable:
    """Open JSON or JSON Lines. Raises BadInputError: broken_json, gateway_error, no_rows, no_table."""
    if _is_lines(text.path):
        return records_table(name, _lines(name, text.path), work, text.encoding)
    try:
        prefix = _rows_prefix(name, text.path)
        if prefix is None:
            return records_table(name, _single(name, text.path), work, text.encoding)
        with text.path.open("rb") as file:
            return records_table(name, ijson.items(_without_mark(file), prefix), work, text.encoding)
    except ijson.JSONError as error:
        raise BadInputError(
            "broken_json", file=name, reason=" ".join(str(error).split()), line=_broken_line(text.path)
        ) from None


def records_table(name: str, records: Iterable[Any], work: Path, encoding: str) -> RawTable:
    """Write records as Parquet; columns are the union of their keys, in order of appearance.

    They are spooled in batches, since a key may first appear in the last record.
    """
    columns: dict[str, None] = {}
    parts: list[Path] = []
    sample: list[dict[str, str | None]] = []
    source = (flattened(record) for record in records)
    while batch := list(islice(source, BATCH)):
        for record in batch:
            columns.update(dict.fromkeys(record))
        sample += batch[: SAMPLE - len(sample)]
        parts.append(work / f"{file_name(name)}.{len(parts)}.part")
        _spool(parts[-1], batch)
    if not parts or not columns:
        raise BadInputError("no_rows", file=name)
    path = fresh_path(work, name)
    names = unique(list(columns))
    _join(path, parts, list(columns), names)
    rows = tuple(tuple(record.get(column) for column in columns) for record in sample)
    return RawTable(name=name, path=path, format="parquet", columns=names, encoding=encoding, sample=rows)


def flattened(record: Any) -> dict[str, str | None]:
    """Return a record as text: objects one level down get a dotted name, deeper ones and lists stay JSON."""
    if not isinstance(record, Mapping):
        return {"value": _text(record)}
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat.update({f"{key}.{inner}": _text(deeper) for inner, deeper in value.items()})
        else:
            flat[key] = _text(value)
    return flat


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _spool(path: Path, batch: list[dict[str, str | None]]) -> None:
    columns = list(dict.fromkeys(key for record in batch for key in record))
    with ParquetRows(path, columns) as out:
        out.write(1, [[record.get(column) for column in columns] for record in batch])


def _join(path: Path, parts: list[Path], columns: list[str], names: tuple[str, ...]) -> None:
    number = 1
    with ParquetRows(path, names) as out:
        for part in parts:
            for batch in batches(part):
                have = dict(zip(batch.schema.names[1:], batch.columns[1:], strict=True))
                nothing = pa.nulls(batch.num_rows, pa.string())
                out.write_columns(number, [have.get(column, nothing) for column in columns])
                number += batch.num_rows
            part.unlink()


def _is_lines(path: Path) -> bool:
    """Tell JSON Lines: the first line is a whole object and another follows."""
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline(1 << 20).strip()
        second = file.readline(1 << 20).strip()
    if not (first.startswith("{") and second.startswith("{")):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _lines(name: str, path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line, parse_float=Decimal)
                except ValueError as error:
                    raise BadInputError("broken_json", file=name, line=number, reason=str(error)) from None


def _rows_prefix(name: str, path: Path) -> str | None:
    """Return where the first array of objects stands, in ijson's words; None when there is none.

    An error answer is found on the way, since its code stands before the rows.
    """
    seen: dict[str, Any] = {}
    last = ""
    with path.open("rb") as file:
        for prefix, event, value in ijson.parse(_without_mark(file)):
            if event == "start_map" and last == "start_array":
                envelopes.check(seen, name)
                return str(prefix)
            if event in {"string", "number"} and len(seen) < 1_000:
                seen[prefix.rpartition(".")[2]] = value
            last = event
    envelopes.check(seen, name)
    return None


def _single(name: str, path: Path) -> list[Any]:
    """Return the one record of a document without an array: an envelope's only item, or the object itself."""
    if path.stat().st_size > WHOLE:
        raise BadInputError("no_table", file=name)
    document = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    if isinstance(document, dict) and "response" in document:
        body = (document["response"] or {}).get("body") or {}
        items = body.get("items")
        item = items.get("item", items) if isinstance(items, dict) else items
        return [item] if isinstance(item, dict) and item else []
    return [document] if isinstance(document, dict) and document else []


def _without_mark(file: Any) -> Any:
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file


def _broken_line(path: Path) -> int:
    """Return the line where JSON breaks; of a very large file the last one, since the streaming reader tells none."""
    if path.stat().st_size <= WHOLE:
        try:
            json.loads(path.read_text(encoding="utf-8-sig"))
        except json.JSONDecodeError as error:
            return error.lineno
    return line_of(path, path.stat().st_size)
