"""What reports count, and how: definitions, periods, questions and answers. Pure."""
