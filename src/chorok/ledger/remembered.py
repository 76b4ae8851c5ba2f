"""What was found out about one snapshot, kept in memory for as long as somebody keeps the snapshot open.

A command asks once and ends; a site asks the same again and again, and a snapshot never changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST = 200_000
"""Rows of answers that are kept at most, some 120 MB; the ones not asked for longest go first."""


class Remembered:
    """Answers by question, the latest asked last, and where spelled organisations stand. Threads may share it."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.places, self.spelled = most, dict[Any, Any](), dict[Any, Any]()
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._rows = 0
        self._lock = threading.Lock()

    def answer(self, question: Hashable) -> Any | None:
        """Return what was answered to a question, None when it was not asked or is forgotten."""
        with self._lock:
            if question not in self._answers:
                return None
            self._answers.move_to_end(question)
            return self._answers[question][0]

    def keep(self, question: Hashable, answer: Any, rows: int) -> None:
        """Keep an answer of so many rows, and forget the oldest beyond `most`."""
        with self._lock:
            self._rows += rows - self._answers.pop(question, (None, 0))[1]
            self._answers[question] = answer, rows
            while self._rows > self.most and len(self._answers) > 1:
                _, (_, gone) = self._answers.popitem(last=False)
                self._rows -= gone
