"""The WebAPI of BPS, decoded."""
