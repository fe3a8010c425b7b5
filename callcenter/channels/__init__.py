"""What is written to us and by us: conversations over mail, short messages and chat. Pure."""
