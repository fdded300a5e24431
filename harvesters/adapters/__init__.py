"""The adapters, one file each; none knows the database or another adapter."""
