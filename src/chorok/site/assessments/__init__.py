"""Preliminary assessment of projects: what of a bill of materials is owed green, before it is designed."""
