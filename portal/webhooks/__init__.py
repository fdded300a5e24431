"""The pages on which people register webhooks and see what became of each delivery."""
