"""What callers hear: built-in prompts, and numbers, amounts and dates as spoken words. Pure."""
