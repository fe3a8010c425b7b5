"""The sound of what callers hear: a voice that reads, and the folder that Asterisk plays from."""

from __future__ import annotations

from typing import Protocol

from callcenter.errors import Unavailable


class VoiceUnavailable(Exception):  # noqa: N818
    """There is no voice for it here; the words say what would help."""


class Sounds(Protocol):
    """Files are named by what is in them, without an ending: made once, never changed."""

    def spoken(self, text: str, locale: str) -> str:
        """The name of this text read aloud; made if it is not there. VoiceUnavailable."""
        ...

    def keep(self, content: bytes) -> tuple[str, float, str]:
        """Somebody's own sound: (name, seconds, sha256). Invalid for what is no sound for us."""
        ...

    def has(self, name: str) -> bool: ...

    def seconds(self, name: str) -> float:
        """How long it is; 0 if it is not there."""
        ...

    def read(self, name: str) -> bytes:
        """NotFound if it is not there."""
        ...


class NoSounds:
    """Where a part of the product runs that lets nobody hear anything."""

    def spoken(self, text: str, locale: str) -> str:  # noqa: ARG002
        raise VoiceUnavailable("no folder for prompts was given")

    def keep(self, content: bytes) -> tuple[str, float, str]:  # noqa: ARG002
        raise Unavailable("file", "no folder for prompts was given")

    def has(self, name: str) -> bool:  # noqa: ARG002
        return False

    def seconds(self, name: str) -> float:  # noqa: ARG002
        return 0.0

    def read(self, name: str) -> bytes:  # noqa: ARG002
        raise Unavailable("file", "no folder for prompts was given")
