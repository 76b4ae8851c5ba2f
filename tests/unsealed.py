"""Tests with transactions of their own, whose database Django empties afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from chorok.site.audit import seals


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Let Django empty the events after a test with transactions of its own: their seals come off for just that."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unsealed(self: BaseDatabaseOperations, statements: Sequence[str]) -> None:
        seals.lift(self.connection)
        flush(self, statements)
        seals.put(self.connection)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", unsealed)
        yield
