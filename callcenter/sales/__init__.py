"""What customers may buy, and the next step towards it (pure)."""
