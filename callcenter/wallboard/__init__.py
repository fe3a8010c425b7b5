"""What a wallboard shows: calls and operators folded from messages, figures, tiles (pure)."""
