"""The KIP desk: requests for information under UU 14/2008, from the question to the lawful answer."""
