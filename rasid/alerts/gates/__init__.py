"""Gates of rules: which matches are told at all, and what is told of a rule as a whole."""
