"""Reports over many contacts on PostgreSQL."""
