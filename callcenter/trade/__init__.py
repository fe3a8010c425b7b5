"""What customers ordered, owe and paid, and what that says of them. Pure."""
