"""What is known of an idempotency key that was used before. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Started:
    """The key was claimed and has no answer yet."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class Done:
    fingerprint: str
    status: int
    body: str
