"""When we are there: weeks of open hours, holidays, special days, closures. Pure.

Knows the standard library and the library `holidays`; nothing here looks at a clock or a database.
"""
