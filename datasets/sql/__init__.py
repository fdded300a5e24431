"""SQL of strangers: checked, confined, ended in time."""
