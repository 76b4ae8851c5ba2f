"""What the words mean. Pure: no Django, no network, no clock, no files but its own package data."""
