"""How often data are looked at and taken: honest figures, and nothing about who did."""
