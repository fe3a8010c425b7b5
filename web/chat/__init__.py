"""The door for visitors of other sites: the widget and what it asks for. No cookies, no log-in: a
widget's key says where it stands, the visitor's own token whose chat it is."""
