"""Every change as one event in a chain of hashes (rules section 5)."""
