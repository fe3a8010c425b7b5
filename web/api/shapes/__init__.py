"""What travels over the API, as pydantic models: one module a resource."""
