"""Checks on published figures: a report as data, and what does not hold in it."""
