"""How the command line explains itself, in the language of this run: the frame of help texts, mistakes in a command.

typer and click word these in English only; what they have to say is recognised here and said by `wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

from chorok.cli.speech import say

Mistake: Any = typer.BadParameter.__mro__[1]
"""Base of all that is wrong with how a command was written; typer carries it under a name that differs by version."""

_Context: Any = typer.Context.__mro__[1]
_Formatter: Any = _Context.formatter_class

HEADINGS = {"Options": "options", "Arguments": "arguments", "Commands": "commands"}
_SHOW_HELP = "Show this message and exit."
_REMARKS = (
    (re.compile(r"\benv var: "), "environment"),
    (re.compile(r"\bdefault: "), "default"),
    (re.compile(r"\brequired(?=[\];])"), "required"),
)


class SpokenHelp(_Formatter):  # type: ignore[misc]
    """The frame of a help text, in the language of this run."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        words = (("[OPTIONS]", "options_blank"), ("COMMAND [ARGS]...", "command_blank"))
        for blank, code in words:
            args = args.replace(blank, say(f"usage.{code}"))
        super().write_usage(prog, args, say("usage.usage") + " ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        super().write_heading(say(f"usage.{HEADINGS[heading]}") if heading in HEADINGS else heading)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of options or commands."""
        super().write_dl([(name, _remarked(text)) for name, text in rows], col_max, col_spacing)


def speak() -> None:
    """Have help texts framed in the language of this run."""
    _Context.formatter_class = SpokenHelp


def _remarked(text: str) -> str:
    if text == _SHOW_HELP:
        return say("usage.show_help")
    before, bracket, remarks = text.rpartition("[")
    for pattern, code in _REMARKS:
        remarks = pattern.sub(say(f"usage.{code}"), remarks)
    return before + bracket + remarks


MISTAKES = (
    ("command_unknown", re.compile(r"No such command '(?P<word>.*?)'\.(?: Did you mean (?P<close>.*)\?)?")),
    ("option_unknown", re.compile(r"No such option: (?P<word>\S+)")),
    ("arguments_extra", re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<word>.*)\)")),
    ("value_missing", re.compile(r"Option '(?P<word>.*)' requires (?:an|\d+) arguments?\.")),
    ("value_extra", re.compile(r"Option '(?P<word>.*)' does not take a value\.")),
    ("number_wanted", re.compile(r".*valid (?:integer|number|decimal).*")),
    ("at_most", re.compile(r".*less than or equal to (?P<limit>\S+)")),
    ("at_least", re.compile(r".*greater than or equal to (?P<limit>\S+)")),
    ("date_wanted", re.compile(r".*does not match the formats.*")),
)
"""Code of a sentence -> how click says it."""


def said(mistake: Any) -> str:
    """Return one sentence on what is wrong with a command, and how to see what is right; help where that was meant."""
    if type(mistake).__name__ == "NoArgsIsHelpError":
        return str(mistake.message)
    place = mistake.ctx.command_path if mistake.ctx else "chorok"
    return f"{say('word.error')}: {_sentence(mistake)} {say('usage.see_help', command=place)}"


def _sentence(mistake: Any) -> str:
    name = _name(mistake)
    if type(mistake).__name__ == "MissingParameter":
        return say("usage.parameter_missing", name=name)
    for code, pattern in MISTAKES:
        found = pattern.match(mistake.message)
        if found:
            close = found.groupdict().get("close") or ", ".join(getattr(mistake, "possibilities", None) or ())
            hint = say("usage.did_you_mean", close=close) if close else ""
            blanks = {"word": found.groupdict().get("word", ""), "limit": found.groupdict().get("limit", "")}
            return say(f"usage.{code}", name=name, **blanks) + hint
    return say("usage.other", name=name, what=mistake.message)


def _name(mistake: Any) -> str:
    """The option or argument at fault, as it is typed."""
    parameter = getattr(mistake, "param", None)
    if parameter is None:
        return getattr(mistake, "option_name", None) or ""
    options = [option for option in parameter.opts if option.startswith("--")]
    return str((options or [f"<{parameter.name}>"])[0])
