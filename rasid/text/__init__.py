"""Folding, tokens and the forms of words."""
