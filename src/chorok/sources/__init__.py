"""How purchases and certificates come in: bytes become text, text becomes columns, rows become lines."""
