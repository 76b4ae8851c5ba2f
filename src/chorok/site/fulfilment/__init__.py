"""Proof afterwards: inspection of deliveries, and purchases matched with the requests that they follow from."""
