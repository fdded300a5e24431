"""Downloads: whole files as they are kept, and tables of exactly what a page shows."""
