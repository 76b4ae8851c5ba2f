"""Pages of purchases."""
