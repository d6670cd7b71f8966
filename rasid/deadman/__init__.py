"""Dead-man's switches: what is noticed because it stops, not because it happens."""
