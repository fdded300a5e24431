"""DCAT catalogues of others, read."""
