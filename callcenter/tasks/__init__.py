"""What somebody is to do by when: tasks and call-backs (pure)."""
