"""Figures: shares with their bounds, rankings, drivers, scorecards, closed periods."""
