"""What waits for whom: short notes with a link."""
