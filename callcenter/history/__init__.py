"""What changed from when to when: records as documents, and the difference between two of them."""
