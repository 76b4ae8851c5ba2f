"""The coordinator's guide holds: every command runs on a small demo, and what the guide shows is what they print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from chorok.cli import main
from structure.test_docs import DOCS, EXAMPLE, ROOT, blocks, text_of

GUIDE = DOCS / "guide"
REPORTS = ROOT / "src" / "chorok" / "demo" / "reports"
OPEN_FINDINGS = 1
PARTS = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:]+Z")


@pytest.fixture
def place(demo_network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the checkout after `chorok demo`."""
    shutil.copytree(demo_network / "untouched", tmp_path / "demo-network" / "ledger")
    shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.relative_to(ROOT))
    shutil.copytree(REPORTS, tmp_path / REPORTS.relative_to(ROOT))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHOROK_LEDGER", "demo-network/ledger")
    return tmp_path


def figures(text: str) -> list[str]:
    """The numbers of a text in their order: words may be mended without touching the guide."""
    return re.findall(r"[+-]?\d[\d.,]*\d|\d", MOMENT.sub("", text))


def within(part: list[str], whole: list[str]) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


def absent(block: str, said: list[str]) -> list[str]:
    """The pieces of a block, between the marks of what was left out, whose figures no one command printed in a row."""
    pieces = re.split(r"^…$", block, flags=re.MULTILINE)
    missing = [[piece for piece in pieces if not within(figures(piece), figures(one))] for one in said]
    return min(missing, key=len)


def done(line: str, language: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Do what a line of a shell block says and return what it prints."""
    words = shlex.split(line)
    if words[0] == "cp":
        for report in REPORTS.glob("*.md"):
            shutil.copy(report, words[-1])
    if words[0] != "chorok" or words[1] == "demo":
        return ""
    code = main([*words[1:], "--lang", language])
    assert code == 0 or (words[1] == "check" and code == OPEN_FINDINGS), line
    told = capsys.readouterr()
    return told.out + "\n" + told.err


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_guide_shows_what_its_commands_print(
    language: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    said: list[str] = []
    stale = []
    for kind, body in PARTS.findall(text_of(GUIDE / f"coordinator.{language}.md")):
        if kind == "sh":
            said += [done(line, language, capsys) for line in body.splitlines()]
        else:
            stale += absent(body, said)
    assert stale == []
    assert (place / "demo-network" / "baram.md.acknowledged.toml").exists()


def test_both_languages_show_the_same_figures() -> None:
    """Numbers of the text around the blocks, and that the blocks have them."""
    pages = [text_of(GUIDE / f"coordinator.{language}.md") for language in ("en", "ko")]
    one, other = (sorted(re.findall(r"\d+\.\d+|\d[\d,]{5,}", PARTS.sub("", page))) for page in pages)
    assert one == other
    shown = "\n".join(blocks(GUIDE / "coordinator.en.md", "text"))
    assert [figure for figure in one if figure not in shown and figure not in RECKONED] == []


RECKONED = {"0.05"}
"""What the text reckons from figures shown: 58.03 - 57.98."""


@pytest.mark.parametrize("changed", ["64.61", "30", "6.59"])
def test_a_figure_that_no_command_prints_is_found(changed: str) -> None:
    said = ["│ 1 │ Busan │ 64.61 │\nFrom Busan to DEMO-30-140: 6.59 %p apart.\n"]
    assert absent(said[0], ["nothing", *said]) == []
    assert absent(said[0].replace(changed, "7"), said) != []
