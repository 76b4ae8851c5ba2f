"""What the columns of a received table mean, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

from chorok.core.errors import BadInputError, NeedsAnswerError
from chorok.ledger.engines import Connection, connect
from chorok.sources import amounts, currencies, dates, profiles
from chorok.sources.mapping import DATES, Mapped, map_columns
from chorok.sources.reading import select_from
from chorok.sources.understanding import FIELDS, DateOrder, Profile, RawTable, Understanding

Note = tuple[str, dict[str, str]]
ANSWERS = ("amount_unit", "currency", "date_order", "vat", "kind", "organisation")
"""Answers that are values, not columns. `currency` and `kind` name a column when there is one of that name."""


def understand(
    table: RawTable, *, profile: Profile | None = None, answers: Mapping[str, str] | None = None
) -> Understanding:
    """Find out what a table's columns mean. `answers` (field -> column name, or one of ANSWERS -> value) are fixed.

    A built-in profile applies by itself when its columns are all there. Raises NeedsAnswerError (two_amount_columns,
    unit_notes_disagree, two_currencies, date_order_conflict) and BadInputError (no_amount_column, no_date_column,
    unknown_field, unknown_column, unknown_answer, unknown_unit, unknown_currency, profile_columns_missing).
    """
    columns, given = _split(table, answers or {})
    found = profile or profiles.find(table.columns)
    base = found.understanding if found else None
    if profile:
        _check(table, profile)
    known = {name: column for name, column in (base.columns if base else {}).items() if column in table.columns}
    mapped = map_columns(table, _merged(known, columns), found.ignored if found else ())
    notes: list[Note] = [("note.profile_applied", {"profile": found.name})] if found else []
    result = _read(table, mapped, base, given)
    return replace(result, notes=(*table.notes, *notes, *mapped.notes, *result.notes))


def _split(table: RawTable, answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Part the answers that name columns from those that are values."""
    columns: dict[str, str] = {}
    given: dict[str, str] = {}
    for name, answer in answers.items():
        if name in ANSWERS and answer not in table.columns:
            given[name] = answer
        elif name not in FIELDS:
            raise BadInputError("unknown_field", field=name, fields=", ".join((*FIELDS, *ANSWERS)))
        elif answer not in table.columns:
            raise BadInputError("unknown_column", file=table.name, column=answer, columns=", ".join(table.columns))
        else:
            columns[name] = answer
    return columns, given


def _check(table: RawTable, profile: Profile) -> None:
    missing = [column for column in profile.understanding.columns.values() if column not in table.columns]
    if missing:
        raise BadInputError(
            "profile_columns_missing",
            file=table.name,
            profile=profile.name,
            missing=", ".join(missing),
            columns=", ".join(table.columns),
        )


def _merged(known: dict[str, str], columns: dict[str, str]) -> dict[str, str]:
    """Let answers win over a profile, also where they take a column from another field."""
    kept = {name: column for name, column in known.items() if column not in columns.values()}
    return kept | columns


def _read(table: RawTable, mapped: Mapped, base: Understanding | None, given: Mapping[str, str]) -> Understanding:
    connection = connect()
    try:
        source = f"({select_from(table)})"
        notes = _drop_repeated_key(connection, source, table, mapped) if base is None else []
        order, evidence = _date_order(connection, source, table, mapped, base=base, given=given)
    finally:
        connection.close()
    if evidence == "assumed":
        notes.append(("note.date_order_assumed", {"order": order}))
    money = _money(table, mapped, base, given)
    changes = base.change_orders if base else _change_orders(mapped)
    if changes != "none" and not (base and base.change_orders != "none"):
        notes.append((f"note.change_orders_{changes}", {}))
    return Understanding(
        columns={name: mapped.columns[name] for name in FIELDS if name in mapped.columns},
        date_order=order,
        date_order_evidence=evidence,
        multiplier=money.multiplier,
        currency=money.currency,
        decimals=money.decimals,
        decimal_comma=base.decimal_comma if base else _decimal_comma(table, mapped),
        change_orders=changes,
        kind=_one_of("kind", given, ("goods", "works", "service"), base.kind if base else "goods"),
        organisation=given.get("organisation", base.organisation if base else None),
        unit_note=money.unit_note,
        vat=_vat(given, base),
        unmapped=tuple(mapped.unread(table)),
        notes=(*notes, *money.notes),
    )


def _money(table: RawTable, mapped: Mapped, base: Understanding | None, given: Mapping[str, str]) -> currencies.Money:
    column = mapped.columns.get("amount") or mapped.columns["amount_delta"]
    if base and "amount_unit" not in given and "currency" not in given:
        return currencies.Money(base.currency, base.decimals, base.multiplier, base.unit_note, ())
    currency = given.get("currency") or _currency_column(table, mapped)
    return currencies.money_of(table, column, currency=currency, unit=given.get("amount_unit"))


def _currency_column(table: RawTable, mapped: Mapped) -> str | None:
    """Read the currency from its own column; several in one file are a question."""
    if "currency" not in mapped.columns:
        return None
    position = table.columns.index(mapped.columns["currency"])
    codes = sorted({cell.strip().upper() for row in table.sample if (cell := row[position]) and cell.strip()})
    if len(codes) > 1:
        raise NeedsAnswerError(
            "two_currencies", file=table.name, column=mapped.columns["currency"], currencies=", ".join(codes)
        )
    names = {mark.upper(): code for code, marks in amounts.MARKS.items() for mark in marks}
    return names.get(codes[0], codes[0]) if codes else None


def _date_order(
    connection: Connection,
    source: str,
    table: RawTable,
    mapped: Mapped,
    *,
    base: Understanding | None,
    given: Mapping[str, str],
) -> tuple[DateOrder, str]:
    """Decide for the whole file; its values are counted only where the sample leaves a question."""
    if "date_order" in given:
        answer = _one_of("date_order", given, get_args(DateOrder), "ymd")
        return next(order for order in get_args(DateOrder) if order == answer), "answered"
    if base and base.date_order_evidence == "profile":
        return base.date_order, "profile"
    positions = [table.columns.index(mapped.columns[name]) for name in DATES if name in mapped.columns]
    asked = [at for at in positions if any(dates.needs_order((row[at] or "").strip()) for row in table.sample)]
    if not asked:
        return "ymd", "written"
    columns = [f"c{position}" for position in asked]
    order, evidence = dates.order_of(connection, source, columns, korean=currencies.is_korean(table))
    if evidence == "conflict":
        names = ", ".join(table.columns[position] for position in asked)
        raise NeedsAnswerError("date_order_conflict", file=table.name, columns=names)
    return order, evidence


def _drop_repeated_key(connection: Connection, source: str, table: RawTable, mapped: Mapped) -> list[Note]:
    """Forget a key that does not tell lines apart: it would make one line of several."""
    names = [name for name in ("source_key", "source_line", "change_order") if name in mapped.columns]
    if "source_key" not in names:
        return []
    at = [table.columns.index(mapped.columns[name]) for name in names]
    keys = [tuple(row[position] for position in at) for row in table.sample if row[at[0]]]
    if len(set(keys)) == len(keys) and ("source_line" in names or _all_differ(connection, source, at)):
        return []
    column = mapped.columns["source_key"]
    for name in ("source_key", "source_line"):
        mapped.columns.pop(name, None)
    return [("note.key_not_unique", {"column": column})]


def _all_differ(connection: Connection, source: str, at: list[int]) -> bool:
    """Look at the whole file; only where no column numbers the lines of a request, since it costs a pass."""
    parts = ", ".join(f"c{position}" for position in at)
    query = f"SELECT count(*), count(DISTINCT ({parts})) FROM {source} WHERE c{at[0]} <> ''"
    total, distinct = connection.execute(query).fetchone() or (0, 0)
    return bool(total == distinct)


def _change_orders(mapped: Mapped) -> Literal["none", "final_row", "sum_deltas"]:
    """Take the final row where it is marked; sum differences only where there is nothing else. Never both."""
    if "amount" not in mapped.columns:
        return "sum_deltas"
    marked = "final" in mapped.columns or ("change_order" in mapped.columns and "source_key" in mapped.columns)
    return "final_row" if marked else "none"


def _decimal_comma(table: RawTable, mapped: Mapped) -> bool:
    """Tell '1.234,56': some value reads only with a decimal comma, none only with a decimal point."""
    position = table.columns.index(mapped.columns.get("amount") or mapped.columns["amount_delta"])
    cells = [cell.strip() for row in table.sample if (cell := row[position]) and cell.strip()]
    point = [amounts.looks_like(cell) for cell in cells]
    comma = [amounts.looks_like(cell, decimal_comma=True) for cell in cells]
    only_comma = any(right and not left for left, right in zip(point, comma, strict=True))
    return only_comma and not any(left and not right for left, right in zip(point, comma, strict=True))


def _vat(given: Mapping[str, str], base: Understanding | None) -> Literal["included", "excluded", "unknown"]:
    answer = _one_of("vat", given, ("included", "excluded", "unknown"), base.vat if base else "unknown")
    return "included" if answer == "included" else "excluded" if answer == "excluded" else "unknown"


def _one_of(name: str, given: Mapping[str, str], allowed: tuple[str, ...], otherwise: str) -> str:
    answer = given.get(name, otherwise)
    if answer not in allowed:
        raise BadInputError("unknown_answer", name=name, value=answer, allowed=", ".join(allowed))
    return answer
