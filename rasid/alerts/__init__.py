"""From matches to deliveries: targets, alerts, and the loop that sends them."""
