"""Template tags of purchases."""
