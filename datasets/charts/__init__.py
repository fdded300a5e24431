"""Charts of questions: what to draw, its points, and the boundaries of maps."""
