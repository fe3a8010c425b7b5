"""Messages that callers left for a queue: what they are, and which of them need nobody. Pure."""
