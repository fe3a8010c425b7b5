"""The API's operations: one module a resource, each a blueprint called `api`."""
