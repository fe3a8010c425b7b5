"""How a call sounded, as a listener would grade it: 1 (bad) to 4.4 (as good as a telephone gets).

The E-model of ITU-T G.107 in its usual reduction: everything but delay and loss at the default
values, which leaves R = 93.2 - Id - Ie,eff.

- Id, the impairment by one-way delay d in ms: 0.024 d + 0.11 (d - 177.3) where d > 177.3
  (Cole and Rosenbluth, "Voice over IP performance monitoring", 2001, eq. 2).
- Ie,eff = Ie + (95 - Ie) Ppl / (Ppl / BurstR + Bpl) for Ppl percent of packets lost
  (G.107, eq. 7-29), with random loss (BurstR = 1).
- Ie and Bpl of G.711 with concealment: 0 and 25.1 (G.113, appendix I). Opus conceals at least as
  well; it has no entry there for telephone sound and is graded by the same figures.
- MOS = 1 + 0.035 R + R (R - 60) (100 - R) 7e-6 (G.107, annex B).

The delay is half the round trip, one packet of 20 ms (Opus looks ahead 6.5 ms more), and a jitter
buffer of twice the jitter.
"""

from __future__ import annotations

from dataclasses import dataclass

_PACKET_MS = 20.0
_LOOK_AHEAD_MS = {"opus": 6.5}
_DEFAULT_R = 93.2
_LOSS_ROBUSTNESS = 25.1
_LATE_MS = 177.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What was measured on the receiving side."""

    loss_percent: float
    jitter_ms: float
    round_trip_ms: float
    codec: str = ""


def r_factor(sound: Sound) -> float:
    """The transmission rating: 93.2 for a perfect line, 0 for one that cannot be used."""
    buffer = _PACKET_MS + _LOOK_AHEAD_MS.get(sound.codec.lower(), 0.0) + 2 * sound.jitter_ms
    delay = sound.round_trip_ms / 2 + buffer
    late = 0.024 * delay + 0.11 * max(0.0, delay - _LATE_MS)
    lost = 95 * sound.loss_percent / (sound.loss_percent + _LOSS_ROBUSTNESS)
    return max(0.0, _DEFAULT_R - late - lost)


def mos(sound: Sound) -> float:
    """The mean opinion score, rounded to hundredths."""
    r = min(100.0, r_factor(sound))
    # The curve dips below 1 for a very small R; the scale has nothing below 1.
    return round(max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6), 2)
