"""What events say was done, and what a verification finds, is worded in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chorok import wording
from chorok.site.audit.verifying import MARKS
from chorok.site.audit.wordings import action_said

SITE = Path(__file__).parents[3] / "src" / "chorok" / "site"
VERIFYING = (SITE / "audit" / "verifying.py").read_text(encoding="utf-8")


def recorded() -> Iterator[str]:
    """Yield the actions that are named in calls of `record`, `announced` and `append`."""
    for path in SITE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "announced", "append"}:
                texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                yield from (text for text in texts if isinstance(text, str) and "." in text)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_action_has_words(language: wording.Language) -> None:
    actions = set(recorded())
    assert len(actions) > 20
    assert sorted(one for one in actions if not wording.knows(f"site.action.{one}", language)) == []


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_finding_mark_and_way_has_words(language: wording.Language) -> None:
    codes = set(re.findall(r'Finding\(\s*"(\w+)"', VERIFYING))
    assert len(codes) == 11
    worded = {
        *(f"audit.finding.{code}" for code in codes),
        *(f"site.audit.mark{mark}" for mark in MARKS),
        *(f"site.audit.via.{via}" for via in ("page", "token", "command", "system")),
    }
    assert sorted(code for code in worded if not wording.knows(code, language)) == []


def test_an_action_without_words_stands_for_itself() -> None:
    assert action_said("room.did_something") == "room.did_something"
