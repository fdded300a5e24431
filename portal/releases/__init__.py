"""What the public is told of what is to come: the release calendar, and the data list of the year."""
