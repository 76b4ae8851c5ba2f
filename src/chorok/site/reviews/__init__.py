"""Undetermined products: decided once for all of their lines, above an amount by two people."""
