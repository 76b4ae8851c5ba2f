"""From a product, as written in a purchase, to item group and certificates."""
