"""The long work of this app, and what its worker looks after."""

from __future__ import annotations

from chorok.site.config.warming import EVERY, Watch
from chorok.site.jobs.kinds import LOOKS, Look

LOOKS.append(Look(Watch(), EVERY))
