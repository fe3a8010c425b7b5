"""What an operator says and asks, step by step (pure)."""
