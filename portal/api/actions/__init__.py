"""The actions, a room for each kind of thing; importing a room makes its actions known."""
