"""What tests lean on: servers of their own, and words for what this machine lacks."""
