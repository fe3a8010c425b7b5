"""Old months of calls kept as files: which months, in which state, of which shape. Pure."""
