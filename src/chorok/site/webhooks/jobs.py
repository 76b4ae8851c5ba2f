"""What the worker looks after for this app: messages that are due, and old ones."""

from __future__ import annotations

from chorok.site.jobs.kinds import LOOKS, Look
from chorok.site.webhooks.sending import Sender, forget

EVERY = 1.0
"""Seconds between two looks for messages that are due."""

LOOKS.append(Look(Sender(), EVERY))
LOOKS.append(Look(forget, 3600.0))
