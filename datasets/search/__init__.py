"""Finding datasets: one interface, analysis of Indonesian above it, engines below it."""
