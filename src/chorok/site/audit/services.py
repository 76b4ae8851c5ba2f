"""What other apps use: `record` in the transaction of a change, `announced` around a ledger write."""

from chorok.site.audit.announcing import Closing, announced
from chorok.site.audit.ledgers import attach, note_command, reconcile
from chorok.site.audit.recording import append, locked, record
from chorok.site.audit.verifying import examined, verify

__all__ = [
    "Closing",
    "announced",
    "append",
    "attach",
    "examined",
    "locked",
    "note_command",
    "reconcile",
    "record",
    "verify",
]
