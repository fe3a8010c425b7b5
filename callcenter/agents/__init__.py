"""What an operator is doing: chosen states, the work that overrides them, queue membership."""
