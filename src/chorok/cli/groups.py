"""Groups of commands: a bare one lists."""

from __future__ import annotations

from typing import Any

import typer
import typer.core

from chorok.cli.speech import say


class ListFirst(typer.core.TyperGroup):
    """A group whose `list` may be left out: `chorok calendar --late` is `chorok calendar list --late`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` in front unless a command or help is asked for."""
        asked = args[:1]
        if not asked or (asked[0].startswith("-") and asked[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def group(name: str) -> typer.Typer:
    """Return a group of commands, worded as `help.<name>`; it needs a command `list`."""
    return typer.Typer(cls=ListFirst, help=say(f"help.{name}"), rich_markup_mode=None)
