"""Who may do what with which records, and which of their fields they see. Pure."""
