"""The public-data gateway's answers: an error inside must never read as 'no data'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chorok.core.errors import BadInputError

GOOD = {"00", "0", "0000", "000"}
NO_DATA = "03"
CODES = ("resultCode", "returnReasonCode")
MESSAGES = ("resultMsg", "returnAuthMsg", "errMsg")


def check(document: Mapping[str, Any], name: str) -> None:
    """Raise BadInputError (gateway_error, no_rows) when a document is an error answer or one without rows."""
    found = {key: str(value) for key, value in _scalars(document)}
    code = next((found[key] for key in CODES if key in found), None)
    if code is None or code in GOOD:
        if code is not None and found.get("totalCount") == "0":
            raise BadInputError("no_rows", file=name)
        return
    if code == NO_DATA:
        raise BadInputError("no_rows", file=name)
    message = next((found[key] for key in reversed(MESSAGES[:2]) if found.get(key)), found.get("errMsg", ""))
    raise BadInputError("gateway_error", file=name, result=code, message=message)


def _scalars(value: Mapping[str, Any], depth: int = 4) -> Iterator[tuple[str, object]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            if depth:
                yield from _scalars(inner, depth - 1)
        elif inner is not None and not isinstance(inner, list):
            yield key, inner
