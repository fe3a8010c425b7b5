"""Two cards of one person: how likely it is, and what one card of both would say."""
