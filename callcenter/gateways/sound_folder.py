"""The folder of sounds that Asterisk plays from. Its names are made of what is in a file.

What is spoken is named by its text, its language and the voice: whoever asks for the same again
finds it there. What somebody brought is named by its bytes. A file appears whole or not at all, so
that several processes may make the same one.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path
from typing import Final, Protocol

from callcenter.errors import Invalid, NotFound, Unavailable
from callcenter.ports.prompts import VoiceUnavailable
from callcenter.speech.wav import RATE, RATES, UnusableSound, seconds_of, telephone_wav

VOICE_VERSION: Final = "espeak-1"
"""Another voice, or another way to make files of it, makes them anew."""
_NAME: Final = re.compile(r"(?:en|ru|pl|own)/[0-9a-f]{32}")
_REFUSALS: Final = {
    "not-sound": "is not a sound file: upload a wav",
    "other-format": "is {detail}: save it as wav (PCM) and upload that",
    "not-pcm": "is a wav in a compressed form: save it as PCM with 16 bits",
    "rate": "has {detail} samples a second; taken are " + ", ".join(map(str, RATES)),
    "channels": "has {detail} channels: mono and stereo are taken",
    "empty": "holds no sound",
    "too-long": "is longer than {detail} seconds",
}


class Voice(Protocol):
    def speak(self, text: str, locale: str) -> bytes: ...


class SoundFolder:
    def __init__(self, folder: Path, voice: Voice) -> None:
        self._folder = folder
        self._voice = voice

    def spoken(self, text: str, locale: str) -> str:
        key = f"{VOICE_VERSION}\0{locale}\0{text.strip()}".encode()
        name = f"{locale}/{hashlib.sha256(key).hexdigest()[:32]}"
        if not self.has(name):
            try:
                sound = telephone_wav(self._voice.speak(text.strip(), locale), trim=True)
            except UnusableSound as error:
                raise VoiceUnavailable(f"the voice says nothing for this: {error.code}") from error
            self._write(name, sound)
        return name

    def keep(self, content: bytes) -> tuple[str, float, str]:
        try:
            sound = telephone_wav(content)
        except UnusableSound as error:
            raise Invalid("file", _REFUSALS[error.code].format(detail=error.detail)) from error
        digest = hashlib.sha256(sound).hexdigest()
        name = f"own/{digest[:32]}"
        if not self.has(name):
            self._write(name, sound)
        return name, seconds_of(sound), digest

    def has(self, name: str) -> bool:
        return self._place(name).is_file()

    def seconds(self, name: str) -> float:
        try:
            return max(self._place(name).stat().st_size - 44, 0) / 2 / RATE
        except OSError:
            return 0.0

    def read(self, name: str) -> bytes:
        try:
            return self._place(name).read_bytes()
        except OSError as error:
            raise NotFound("file", "the file is not there any more") from error

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound("file", "there is no such file")
        return self._folder / f"{name}.wav"

    def _write(self, name: str, sound: bytes) -> None:
        place = self._place(name)
        beside = place.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(sound)
            beside.chmod(0o644)  # Asterisk is another user
            beside.replace(place)
        except OSError as error:
            raise Unavailable("file", f"the file cannot be kept: {error.strerror}") from error
