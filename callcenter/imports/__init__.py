"""Files of other systems: what they are written in, what their columns mean, which records their
rows stand for. Reads bytes and gives values; knows no database and no user.
"""
