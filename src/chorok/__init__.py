"""Chorok (초록): green public procurement for cities and the networks they form."""

__version__ = "0.1.0"
