"""Purchases, registry and verdicts on disk, and the engines that read them."""
