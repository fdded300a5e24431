"""The public catalogue: home, search, agencies, themes, datasets."""
