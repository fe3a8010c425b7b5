"""Call-backs that callers asked for: their states, whose turn it is, when to try again. Pure."""
