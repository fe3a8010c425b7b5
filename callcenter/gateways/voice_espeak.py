"""The machine's voice: espeak-ng, a program of this computer. Text in, wav out."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

from callcenter.ports.prompts import VoiceUnavailable

_VOICES: Final = {"en": "en-gb", "ru": "ru", "pl": "pl"}
_WORDS_A_MINUTE: Final = "150"
_SECONDS: Final = 20.0
_LONGEST: Final = 2000


class EspeakVoice:
    def speak(self, text: str, locale: str) -> bytes:
        """VoiceUnavailable where it is not installed, or does not know the language."""
        voice, program = _VOICES.get(locale), shutil.which("espeak-ng")
        if voice is None:
            raise VoiceUnavailable(f"espeak-ng is not asked for the language {locale}")
        if program is None:
            raise VoiceUnavailable(
                "espeak-ng is not installed: install it (apt install espeak-ng), or upload sounds"
            )
        command = [program, "-v", voice, "-s", _WORDS_A_MINUTE, "--stdin", "--stdout"]
        # By its input, not its arguments: a text may begin with a dash.
        return _run(command, text[:_LONGEST].encode())


def _run(command: list[str], text: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and the text comes by the input
            command, input=text, capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise VoiceUnavailable(f"espeak-ng does not speak: {type(error).__name__}") from error
    return done.stdout
