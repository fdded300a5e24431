"""The way out: the one fetcher, what it may reach, how long it waits, and what it makes of answers."""
