"""What a file would give away beside what it shows, and a copy of it without that (docs/redaction.md)."""
