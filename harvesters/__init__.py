"""How data come in: sources, adapters, the runner, the gates."""
