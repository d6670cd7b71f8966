"""Words and points of our own, as JSON: see `rasid.places.own_words`."""
