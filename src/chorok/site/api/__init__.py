"""REST v1 for other systems: the same services and rights as the pages."""
