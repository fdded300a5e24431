"""Feeds: the catalogue for machines that know no API of ours: DCAT, Data Packages, Atom, OAI-PMH, sitemaps."""
