"""How other standards say the same: Satu Data Indonesia, CKAN."""
