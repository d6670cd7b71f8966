"""Places: which ones a text names, which of those that bear the name, and what contains them."""
