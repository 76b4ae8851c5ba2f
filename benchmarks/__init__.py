"""Benchmarks: each against a yardstick, side by side in one run."""
