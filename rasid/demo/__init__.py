"""A newspaper of its own, to see the whole path without a network."""
