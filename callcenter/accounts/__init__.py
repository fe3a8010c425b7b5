"""Who may log in: users, their roles, their tokens and passwords."""
