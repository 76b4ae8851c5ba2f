"""Periods that are closed, sent, accepted or returned, and what falls due when (rules 1.11)."""
