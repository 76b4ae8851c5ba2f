"""The tree of organisations and what is known of each."""
