"""Which months of the archive the queries since `begin`, in this thread, had to go without."""

from __future__ import annotations

from callcenter.store.archive_left_out import begin, months

__all__ = ["begin", "months"]
