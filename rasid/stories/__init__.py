"""Near-duplicates and stories: which items, of any outlet and language, are about one event."""
