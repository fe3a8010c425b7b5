"""What the demo's people say, as files that SIPp sends: speech where this machine has a voice, else
a hum, so that calls have a sound to record and to listen to.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from itertools import repeat
from pathlib import Path
from typing import Final, Literal

from callcenter.gateways.voice_espeak import EspeakVoice
from callcenter.ports.prompts import VoiceUnavailable
from callcenter.speech.wav import RATE, UnusableSound, telephone_wav

Who = Literal["caller", "operator"]
_TEXTS: Final[dict[Who, str]] = {
    "operator": "Good morning, you are speaking with our service desk. How may I help you?",
    "caller": "Hello. I have a question about my last order. It has not arrived yet.",
}
_PITCHES: Final[dict[Who, int]] = {"operator": 220, "caller": 130}
_TURN = 6
"""Seconds that each speaks, one after the other."""
_HEADER = 44
_BIAS, _CLIP = 132, 32_635
_EDGES = [(128 << exponent) - 1 for exponent in range(1, 9)]


def voices(folder: Path) -> dict[Who, Path]:
    """Files of PCMU without a header, two turns long, made in `folder`."""
    silence = bytes(repeat(mu_law(0), _TURN * RATE))
    made: dict[Who, Path] = {}
    for who in _TEXTS:
        said = bytes(map(mu_law, _spoken(who)[: _TURN * RATE])).ljust(len(silence), silence[:1])
        made[who] = folder / f"voice-{who}.ulaw"
        made[who].write_bytes(said + silence if who == "operator" else silence + said)
    return made


def _spoken(who: Who) -> array[int]:
    try:
        wav = telephone_wav(EspeakVoice().speak(_TEXTS[who], "en"), trim=True)
    except (VoiceUnavailable, UnusableSound):
        return _hum(_PITCHES[who])
    samples = array("h")
    samples.frombytes(wav[_HEADER : len(wav) - len(wav) % 2])
    return samples


def _hum(pitch: int) -> array[int]:
    """Syllables of a fifth of a second."""
    turn = 2 * math.pi * pitch / RATE
    swell = math.pi * 5 / RATE
    return array(
        "h",
        (int(6000 * math.sin(turn * at) * abs(math.sin(swell * at))) for at in range(_TURN * RATE)),
    )


def mu_law(sample: int) -> int:
    """One sample of 16 bits as one byte of PCMU (ITU-T G.711)."""
    sign = 0x80 if sample < 0 else 0
    size = min(abs(sample), _CLIP) + _BIAS
    exponent = bisect_left(_EDGES, size)
    return ~(sign | exponent << 4 | (size >> exponent + 3) & 0x0F) & 0xFF
