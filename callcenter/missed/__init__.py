"""Who called in vain and has not been reached since (pure)."""
