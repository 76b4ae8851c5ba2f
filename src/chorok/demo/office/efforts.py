"""Efforts of the two cities and of some districts in 2018 and 2019: invented, and said so in each record.

Only the number of training sessions of 2019 comes from the cities' reports (domain 5.5, C27, C28).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from chorok.core.measures.scorecard import Effort

_INVENTED = "SYNTHETIC"
_REPORTED = "시 보고서 2019 (city report)"
_CITIES = (
    # code, training 2018 and 2019, plans and reports on time, screening carried out, quality of grounds, in percent
    ("DEMO-26", 1, 1, 100, 92, 80),
    ("DEMO-30", 1, 2, 50, 75, 70),
    ("DEMO-26-380", 1, 2, 100, 98, 90),
    ("DEMO-26-410", 0, 1, 100, 60, 75),
    ("DEMO-30-170", 1, 3, 100, 85, 88),
    ("DEMO-30-200", 0, 0, 50, 40, 55),
)


def efforts() -> tuple[str, tuple[Any, ...]]:
    """Return the name of the kept file and its records."""
    return "efforts", tuple(_efforts())


def _efforts() -> list[Effort]:
    found = []
    for code, earlier, training, reports, screening, grounds in _CITIES:
        source = _INVENTED if len(code) > len("DEMO-26") else _REPORTED
        found += [
            Effort(code, 2018, "training", Fraction(earlier), _INVENTED, date(2018, 12, 31)),
            Effort(code, 2019, "training", Fraction(training), source, date(2019, 12, 31)),
        ]
        shares = {"reports_on_time": reports, "screening_compliance": screening, "grounds_quality": grounds}
        found += [
            Effort(code, 2019, name, Fraction(value), _INVENTED, date(2020, 3, 31)) for name, value in shares.items()
        ]
    return found
