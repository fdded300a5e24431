"""Databases of others, only read."""
