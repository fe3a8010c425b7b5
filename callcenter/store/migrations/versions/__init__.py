"""The schema's history, one module for each step. Never edited once released, only added to."""
