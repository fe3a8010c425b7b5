"""How the store keeps each kind of thing: one class per kind, Core statements, no hidden queries.

They implement the Protocols in `callcenter.ports`; a unit of work hands them its connection.
"""
