"""Web chats: widgets, visitors, and to whom a waiting chat is offered. Pure."""
