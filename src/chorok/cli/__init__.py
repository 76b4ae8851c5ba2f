"""`chorok ...`: each command one call into a room."""

from __future__ import annotations

import sys

from chorok.cli.speech import choose_language


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    The language is chosen before the commands are made, since their help is worded in it.
    """
    given = sys.argv[1:] if arguments is None else arguments
    choose_language(given)
    from chorok.cli.commands import run

    return run(given)
