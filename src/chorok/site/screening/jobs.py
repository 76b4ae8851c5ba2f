"""Long work of this app, and what its worker looks after."""

from __future__ import annotations

from chorok.site.jobs.kinds import LOOKS, Look
from chorok.site.screening import overdue

EVERY = 300.0
"""Seconds between two looks at what is due: days count."""

LOOKS.append(Look(overdue.look, EVERY))
