"""What an item is known by, and what rules see of it."""
