"""Archived months read beside the same months from PostgreSQL."""
