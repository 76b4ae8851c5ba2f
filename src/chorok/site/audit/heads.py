"""A head as a small text file, to be kept where nobody who can write to the database can."""

from __future__ import annotations

from chorok.core.errors import BadInputError
from chorok.site.audit.models import Event, Head
from chorok.site.audit.verifying import Exported

FIRST_LINE = "chorok audit head 1"


def current() -> Head:
    """Return the newest event's place; before the first event: 0 and zeros."""
    return Head.objects.filter(pk=Head.ONLY).first() or Head()


def written(head: Head) -> str:
    """Return a head as text."""
    event = Event.objects.filter(seq=head.seq).first()
    lines = (FIRST_LINE, f"site: {head.site}", f"seq: {head.seq}", f"hash: {head.hash}")
    at = f"at: {event.at.isoformat(timespec='microseconds')}" if event else "at: -"
    return "\n".join((*lines, at)) + "\n"


def read(text: str, name: str) -> Exported:
    """Read a head. Raises BadInputError head_unreadable when the text is none."""
    first, *rest = text.lstrip("\ufeff").splitlines() or [""]
    fields = dict(line.split(": ", 1) for line in rest if ": " in line)
    try:
        found = Exported(int(fields["seq"]), fields["hash"].strip())
    except (KeyError, ValueError) as error:
        raise BadInputError("head_unreadable", file=name) from error
    if first.strip() != FIRST_LINE or len(found.hash) != 64:
        raise BadInputError("head_unreadable", file=name)
    return found
