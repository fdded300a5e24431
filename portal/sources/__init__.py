"""Where the data come from: how each source fares, and how fresh each agency keeps its data."""
