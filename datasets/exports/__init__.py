"""A table, or what a question picks from it, as a file to take away."""
