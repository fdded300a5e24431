"""Accounts: who people are, how they sign in, what was done by whom."""
