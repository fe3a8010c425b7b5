"""Fields that a company gives its records by itself, and the values they take. Pure."""
