"""What is asked of stored items: search, backtest, why a rule matched, rule history."""
