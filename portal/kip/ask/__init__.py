"""Asking for information and following it: from a question to what answers it already, or to a filed request."""
