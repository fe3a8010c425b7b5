"""Sound files: wav of several kinds in, what every Asterisk plays out (8 kHz, 16 bit, mono). Pure.

The standard library's `wave` knows neither a-law nor files that say their format in the newer way.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from callcenter.speech.resample import resampled

RATE: Final = 8000
RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
LONGEST_SECONDS: Final = 180
_PCM, _A_LAW, _U_LAW, _EXTENSIBLE = 1, 6, 7, 0xFFFE
_QUIET: Final = 250
_EDGE: Final = 240
"""Samples (30 ms) that are left at either end: cut closer, words would run into each other."""

Refusal = Literal["not-sound", "other-format", "not-pcm", "rate", "channels", "empty", "too-long"]
_OTHERS: Final = (
    (b"ID3", "MP3"),
    (b"\xff\xfb", "MP3"),
    (b"\xff\xf3", "MP3"),
    (b"OggS", "Ogg"),
    (b"fLaC", "FLAC"),
    (b"FORM", "AIFF"),
    (b".snd", "AU"),
    (b"\x1aE\xdf\xa3", "WebM"),
)


class UnusableSound(ValueError):  # noqa: N818  # what is wrong is in the code, words are the doors'
    def __init__(self, code: Refusal, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code: Refusal = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Format:
    kind: int
    channels: int
    rate: int
    bits: int


def telephone_wav(content: bytes, *, trim: bool = False) -> bytes:
    """The same sound as a phone carries it. `trim`: without the silence at its ends.

    UnusableSound for what is no wav, or a wav that we cannot read.
    """
    form, data = _parts(content)
    samples = _mono(_decoded(form, data), form.channels)
    if len(samples) > form.rate * LONGEST_SECONDS:
        raise UnusableSound("too-long", str(LONGEST_SECONDS))
    spoken = resampled(samples, form.rate, RATE)
    spoken = _trimmed(spoken) if trim else spoken
    if not spoken:
        raise UnusableSound("empty")
    return _wav(spoken)


def seconds_of(wav: bytes) -> float:
    """Of a file that `telephone_wav` made."""
    return max(len(wav) - 44, 0) / 2 / RATE


def loudest(wav: bytes) -> int:
    """The greatest sample of a file that `telephone_wav` made: 0 is silence, 32767 the most."""
    samples = _little(wav[44:])
    return max(*samples, -min(samples), 0) if samples else 0


def _parts(content: bytes) -> tuple[_Format, bytes]:
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise _other(content)
    form: _Format | None = None
    for name, chunk in _chunks(content):
        if name == b"fmt " and len(chunk) >= 16:
            form = _format(chunk)
        elif name == b"data" and form is not None:
            return form, chunk
    raise UnusableSound("not-sound")


def _other(content: bytes) -> UnusableSound:
    if content[4:8] == b"ftyp":
        return UnusableSound("other-format", "M4A")
    for beginning, name in _OTHERS:
        if content.startswith(beginning):
            return UnusableSound("other-format", name)
    return UnusableSound("not-sound")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A length that is more than there is (from a voice that writes as it speaks) is cut to it."""
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        yield name, content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _format(chunk: bytes) -> _Format:
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == _EXTENSIBLE and len(chunk) >= 26:
        kind = struct.unpack_from("<H", chunk, 24)[0]
    if kind not in (_PCM, _A_LAW, _U_LAW) or (kind == _PCM and bits not in (8, 16, 24, 32)):
        raise UnusableSound("not-pcm")
    if channels not in (1, 2):
        raise UnusableSound("channels", str(channels))
    if rate not in RATES:
        raise UnusableSound("rate", str(rate))
    return _Format(kind, channels, rate, bits if kind == _PCM else 8)


def _decoded(form: _Format, data: bytes) -> array[int]:
    if form.kind == _A_LAW:
        return array("h", map(_A_LAW_TABLE.__getitem__, data))
    if form.kind == _U_LAW:
        return array("h", map(_U_LAW_TABLE.__getitem__, data))
    if form.bits == 8:
        return array("h", ((byte - 128) << 8 for byte in data))
    width = form.bits // 8
    whole = data[: len(data) // width * width]
    upper = bytearray(len(whole) // width * 2)
    upper[0::2], upper[1::2] = whole[width - 2 :: width], whole[width - 1 :: width]
    return _little(bytes(upper))


def _mono(samples: array[int], channels: int) -> array[int]:
    if channels == 1:
        return samples
    pairs = zip(samples[0::2], samples[1::2], strict=False)
    return array("h", ((left + right) >> 1 for left, right in pairs))


def _trimmed(samples: array[int]) -> array[int]:
    loud = [place for place, sample in enumerate(samples) if not -_QUIET < sample < _QUIET]
    if not loud:
        return array("h")
    return samples[max(loud[0] - _EDGE, 0) : loud[-1] + _EDGE]


def _wav(samples: array[int]) -> bytes:
    data = samples.tobytes() if _NATIVE_IS_LITTLE else _swapped(samples).tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH",
        b"RIFF",
        36 + len(data),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        RATE,
        RATE * 2,
        2,
        16,
    )
    return head + struct.pack("<4sI", b"data", len(data)) + data


def _little(data: bytes) -> array[int]:
    samples = array("h", data[: len(data) // 2 * 2])
    return samples if _NATIVE_IS_LITTLE else _swapped(samples)


def _swapped(samples: array[int]) -> array[int]:
    copy = array("h", samples)
    copy.byteswap()
    return copy


_NATIVE_IS_LITTLE: Final = array("h", b"\x01\x00")[0] == 1


def _a_law(byte: int) -> int:
    byte ^= 0x55
    exponent, mantissa = byte >> 4 & 7, byte & 15
    value = (mantissa << 4) + 8 if not exponent else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if byte & 0x80 else -value


def _u_law(byte: int) -> int:
    byte = ~byte & 0xFF
    value = (((byte & 15) << 3) + 0x84 << (byte >> 4 & 7)) - 0x84
    return -value if byte & 0x80 else value


_A_LAW_TABLE: Final = tuple(map(_a_law, range(256)))
_U_LAW_TABLE: Final = tuple(map(_u_law, range(256)))
