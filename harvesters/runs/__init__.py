"""Runs: sources side by side, each dataset its own unit; killed anywhere, they go on."""
