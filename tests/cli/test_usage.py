"""Mistakes in a command and the frame of help texts, in both languages."""

from __future__ import annotations

import pytest

from chorok.cli import main


@pytest.mark.parametrize(
    ("words", "korean", "english"),
    [
        (["sharre"], "'sharre' 명령은 없습니다. 혹시 'share'입니까?", "no command 'sharre'. Did you mean 'share'?"),
        (["share", "--bye", "year"], "'--bye' 선택사항은 없습니다. 혹시 --by입니까?", "no option --bye. Did you mean"),
        (["certificates", "import"], "<file>가 빠졌습니다.", "<file> is missing."),
        (["share", "--digits", "9"], "--digits에는 6 이하의 값을", "--digits must be at most 6."),
        (["demo", "--scale", "0"], "--scale에는 0.01 이상의 값을", "--scale must be at least 0.01."),
        (["share", "--digits", "x"], "--digits에는 숫자를", "--digits must be a number."),
        (["share", "one", "two"], "쓰이지 않는 인자가 있습니다: one two.", "more than the command takes: one two."),
        (["share", "--by"], "--by 뒤에 값이", "--by needs a value"),
        (["share", "--json=3"], "--json에는 값을 적지", "--json takes no value"),
        (["decide", "f.csv", "--on", "2019"], "--on에는 날짜를", "--on must be a date"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_explained(
    words: list[str], korean: str, english: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, expected in (("ko", korean), ("en", english)):
        assert main(["--lang", language, *words]) == 2
        assert expected in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [("ko", ["사용법:", "선택사항", "기본값:", "도움말을"], ["Usage", "Options", "default", "Show"]),
     ("en", ["Usage:", "Options", "default:", "Show this help."], ["사용법"])],
)  # fmt: skip
def test_help_is_framed_in_the_language(
    language: str, said: list[str], unsaid: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", language, "demo", "--help"]) == 0
    shown = capsys.readouterr().out
    assert [word for word in said if word not in shown] == []
    assert [word for word in unsaid if word in shown] == []
