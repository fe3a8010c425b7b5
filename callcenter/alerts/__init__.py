"""When a figure is told as an alert, and how far a goal is. Pure."""
