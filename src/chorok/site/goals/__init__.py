"""Targets, core items, action plans, and past purchases under a policy."""
