"""What callers say of a call after it. Pure."""
