"""Item groups, certificates, products, suppliers, labels: looked up and brought in."""
