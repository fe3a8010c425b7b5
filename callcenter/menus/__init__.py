"""Voice menus: what they are, what is wrong with one, and how one is gone through. Pure."""
