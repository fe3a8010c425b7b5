"""The line between operators and supervisors: who may write to whom (pure)."""
