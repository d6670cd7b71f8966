"""Rasid: polls news outlets, keeps every item once, alerts when one matches a rule."""

__version__ = "0.1.0"
