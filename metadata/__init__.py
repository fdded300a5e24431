"""What data mean: reading, describing, validating, packaging. Knows no database and no web."""
