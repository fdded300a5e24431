"""From the bytes of an office's file to canonical tables, with every repair named."""
