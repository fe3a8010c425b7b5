"""Sound files of several kinds become what Asterisk plays, or are refused with the reason."""

from __future__ import annotations

import struct

import pytest

from callcenter.speech.wav import RATES, UnusableSound, loudest, seconds_of, telephone_wav
from tests.support.prompts import tone


def middle(wav):
    """Without the ends, where a filter rings."""
    return wav[:44] + wav[800:-800]


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_keeps_its_length_and_loudness_from_any_rate(rate):
    made = telephone_wav(tone(rate=rate))
    assert seconds_of(made) == pytest.approx(0.25, abs=0.001)
    assert loudest(middle(made)) == pytest.approx(10_000, rel=0.02)


@pytest.mark.parametrize(("channels", "width"), [(2, 2), (1, 1), (1, 3), (1, 4)])
def test_stereo_and_other_widths_are_taken(channels, width):
    made = telephone_wav(tone(rate=16_000, channels=channels, width=width))
    assert loudest(middle(made)) == pytest.approx(10_000, rel=0.04)


def test_what_a_phone_cannot_carry_does_not_come_back_as_another_tone():
    assert loudest(middle(telephone_wav(tone(hz=6000, rate=44_100)))) < 50


@pytest.mark.parametrize(("kind", "byte", "level"), [(6, 0xAA, 32256), (7, 0x00, 32124)])
def test_telephone_codings_are_taken(kind, byte, level):
    form = struct.pack("<HHIIHH", kind, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form
    body += b"data" + struct.pack("<I", 800) + bytes([byte]) * 800
    made = telephone_wav(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert seconds_of(made) == pytest.approx(0.1)
    assert loudest(made) == pytest.approx(level, abs=64)


def test_silence_at_the_ends_goes_where_words_follow_each_other():
    quiet = tone(loud=0, seconds=0.5)
    file = quiet[:40] + struct.pack("<I", 3 * 8000) + quiet[44:] + tone(seconds=0.5)[44:]
    made = telephone_wav(file + quiet[44:], trim=True)
    assert seconds_of(made) == pytest.approx(0.56, abs=0.01)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-sound"),
        (b"ID3\x04 and so on", "other-format"),
        (b"OggS" + bytes(40), "other-format"),
        (b"RIFF\x00\x00\x00\x00WAVE", "not-sound"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00" + bytes(16), "not-pcm"),
        (tone(rate=9000), "rate"),
        (tone(channels=4), "channels"),
        (tone(seconds=0), "empty"),
    ],
)
def test_other_files_are_refused_with_the_reason(content, code):
    with pytest.raises(UnusableSound) as refused:
        telephone_wav(content)
    assert refused.value.code == code


def test_a_sound_that_goes_on_for_ever_is_refused():
    whole = struct.pack("<I", 8000 * 2 * 181)
    head = tone(seconds=0)[:40] + whole
    with pytest.raises(UnusableSound, match="too-long"):
        telephone_wav(head + bytes(8000 * 2 * 181))
