"""Recordings of calls' sound: which there are, where their files may lie, what is in them. Pure."""
