"""Long work in the background: steps, progress, and what becomes of it after a restart."""
