"""From one watch to the next: silences, acknowledgements, escalation, inhibition, reports."""
