"""How datasets are written through the API: from a CKAN dictionary to a manuscript, and from that to a version."""
