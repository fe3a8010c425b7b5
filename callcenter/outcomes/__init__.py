"""How a conversation ended, in the words of its queue (pure)."""
