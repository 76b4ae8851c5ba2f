"""Screening of purchase requests: the workflow around what `core.screening` decides."""
