"""What a WAV file holds, by its own head. Tolerant of a head that was never finished."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO, Literal

Codec = Literal["pcm", "gsm", "alaw", "ulaw", "other"]
_CODECS: dict[int, Codec] = {1: "pcm", 6: "alaw", 7: "ulaw", 0x31: "gsm"}
_MOST_CHUNKS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """`begin` and `size`: the sound's bytes in the file."""

    codec: Codec
    channels: int
    rate: int
    bits: int
    begin: int
    size: int
    bytes_per_second: int

    @property
    def seconds(self) -> float:
        return self.size / self.bytes_per_second if self.bytes_per_second else 0.0

    @property
    def is_drawable(self) -> bool:
        return self.codec == "pcm" and self.bits == 16 and self.channels > 0

    @property
    def is_playable(self) -> bool:
        """Whether browsers play it: they know no GSM in a WAV."""
        return self.codec in ("pcm", "alaw", "ulaw")


def read_wave(file: BinaryIO, length: int) -> Wave | None:
    """None for a file that is no WAV. `length` is the file's, whatever its head says."""
    file.seek(0)
    head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    form: tuple[int, int, int, int, int, int] | None = None
    for _ in range(_MOST_CHUNKS):
        chunk = file.read(8)
        if len(chunk) < 8:
            return None
        name, size = chunk[:4], struct.unpack("<I", chunk[4:])[0]
        if name == b"fmt " and size >= 16:
            told = file.read(16)
            if len(told) < 16:
                return None
            form = struct.unpack("<HHIIHH", told)
            file.seek(size - 16 + size % 2, 1)
        elif name == b"data":
            return _wave(form, file.tell(), size, length)
        else:
            file.seek(size + size % 2, 1)
    return None


def _wave(
    form: tuple[int, int, int, int, int, int] | None, begin: int, size: int, length: int
) -> Wave | None:
    if form is None:
        return None
    tag, channels, rate, per_second, _, bits = form
    there = max(0, length - begin)
    return Wave(
        codec=_CODECS.get(tag, "other"),
        channels=channels,
        rate=rate,
        bits=bits,
        begin=begin,
        size=min(size, there) if size else there,
        bytes_per_second=per_second,
    )
