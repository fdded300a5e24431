"""Webhooks: who wants to be told of publications, what there is to tell, and what became of it (docs/webhooks.md)."""
