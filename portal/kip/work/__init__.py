"""The officers' side of the desk: what is due, the cases, answering, publishing, tests, calendar, settings."""
