"""Screening: what is to be bought, before the money is spent. Policies and grounds are data; `decide` is pure."""
