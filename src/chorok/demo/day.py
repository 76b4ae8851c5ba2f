"""The fixed day of the example network: every page and output of the demo speaks as of it."""

from __future__ import annotations

import datetime as dt

DEMO_DAY = dt.date(2020, 11, 2)
"""The demo's today. 2020 holds purchases of January to October only."""

WON_PER_USD = 1219
"""An assumption: one rate that fits the printed budgets of both cities; the reports state none."""
