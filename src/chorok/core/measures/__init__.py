"""Measures: what is computed from lines and verdicts. One file each, written once in Narwhals, for every engine."""
