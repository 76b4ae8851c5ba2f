"""Errors that a person reads. They carry a code and parameters; `chorok.wording` holds the sentences."""

from __future__ import annotations


class ChorokError(Exception):
    """A problem that is told to the user in words.

    `code` names a sentence in every language of `chorok.wording`; `params` fill its blanks. The process
    ends with `exit_code`.
    """

    exit_code = 1

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class UsageError(ChorokError):
    """The command was not called in a way that can be carried out."""

    exit_code = 2


class BadInputError(ChorokError):
    """A file or a value in it cannot be used; nothing was written."""

    exit_code = 3


class LedgerError(ChorokError):
    """The ledger is missing, locked, damaged, full or newer than this program."""

    exit_code = 4


class NeedsAnswerError(ChorokError):
    """The input can be read in two ways, and only a person may choose. Nothing was written."""

    exit_code = 5
