"""The custodian's side: the queue, decisions, what is withdrawn, work on many, and the data list of the year."""
