"""Purchase files in: what was understood, accepted, rejected, mended, undone, reviewed."""
