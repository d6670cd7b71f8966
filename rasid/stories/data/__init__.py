"""Words of what news is about."""
