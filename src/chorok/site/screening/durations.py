"""How long something took on working days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

DAY = timedelta(days=1)
SATURDAY = 5


def worked(begin: datetime, end: datetime) -> timedelta:
    """Return the time between two moments without Saturdays and Sundays; holidays count, nights too."""
    begin, end = timezone.localtime(begin), timezone.localtime(end)
    total, at = timedelta(), begin
    while at < end:
        midnight = (at + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        if at.weekday() < SATURDAY:
            total += min(midnight, end) - at
        at = midnight
    return total


def days_and_hours(span: timedelta) -> tuple[int, int]:
    """Return a span as whole days of 24 hours, and the whole hours beyond."""
    return span.days, span.seconds // 3600
