"""A customer base of a hundred thousand and of a million, and how long its questions take."""
