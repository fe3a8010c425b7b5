"""What is in a WAV file, its picture, and the memory of pictures."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from callcenter.recordings.peak_cache import PeakCache
from callcenter.recordings.peaks import peaks_of
from callcenter.recordings.wave import Wave, read_wave
from tests.support.sounds import RATE, put, silence, tone, wav


def read(content: bytes) -> Wave | None:
    return read_wave(io.BytesIO(content), len(content))


def test_a_recording_of_asterisk_is_read() -> None:
    wave = read(wav(tone(1.5)))
    assert wave is not None
    assert (wave.codec, wave.rate, wave.channels, wave.bits) == ("pcm", RATE, 1, 16)
    assert wave.seconds == pytest.approx(1.5)
    assert wave.is_playable
    assert wave.is_drawable


def test_a_head_that_was_never_finished_counts_what_is_there() -> None:
    content = bytearray(wav(tone(2)))
    content[40:44] = bytes(4)
    wave = read(bytes(content))
    assert wave is not None
    assert wave.seconds == pytest.approx(2)
    boast = bytearray(wav(tone(1)))
    boast[40:44] = b"\xff\xff\xff\x7f"
    wave = read(bytes(boast))
    assert wave is not None
    assert wave.seconds == pytest.approx(1)


@pytest.mark.parametrize(
    ("tag", "codec", "plays"), [(0x31, "gsm", False), (7, "ulaw", True), (0x55, "other", False)]
)
def test_sounds_that_browsers_cannot_play_are_known(tag: int, codec: str, plays: bool) -> None:
    wave = read(wav(b"\x00" * 1625, tag=tag, bits=0, per_second=1625))
    assert wave is not None
    assert (wave.codec, wave.is_playable, wave.is_drawable) == (codec, plays, False)
    assert wave.seconds == pytest.approx(1)


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"ID3 and more", wav(b"")[:30], b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 100],
)
def test_what_is_no_wav_is_no_wav(content: bytes) -> None:
    assert read(content) is None


def test_the_picture_is_loud_where_somebody_speaks_and_flat_where_nobody_does() -> None:
    content = wav(tone(1, 0.8) + silence(1) + tone(1, 0.4))
    wave = read(content)
    assert wave is not None
    peaks = peaks_of(io.BytesIO(content), wave, 30)
    assert len(peaks) == 30
    assert min(peaks[:9]) > 70
    assert set(peaks[11:19]) == {0}
    assert 35 <= min(peaks[21:]) <= max(peaks[21:]) <= 45


def test_a_short_or_torn_sound_is_drawn_as_far_as_it_goes() -> None:
    content = wav(tone(0.001))
    wave = read(content)
    assert wave is not None
    assert len(peaks_of(io.BytesIO(content), wave)) == 8
    torn = wav(tone(1))[:-4001]
    wave = read(wav(tone(1)))
    assert wave is not None
    assert peaks_of(io.BytesIO(torn), wave, 10)[0] > 0


class _Long(io.RawIOBase):
    """Hours of silence that nobody stored."""

    def readable(self) -> bool:
        return True

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0

    def read(self, size: int = -1) -> bytes:
        return bytes(size)


def test_an_hour_is_drawn_in_little_memory() -> None:
    wave = Wave(
        codec="pcm",
        channels=1,
        rate=RATE,
        bits=16,
        begin=44,
        size=2 * RATE * 3600,
        bytes_per_second=2 * RATE,
    )
    tracemalloc.start()
    peaks = peaks_of(_Long(), wave)  # type: ignore[arg-type]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(peaks) == 800
    assert most < 2_000_000


def test_a_picture_is_drawn_once_and_again_when_the_file_changed(tmp_path: Path) -> None:
    cache, path = PeakCache(tmp_path / "peaks"), put(tmp_path, "1.wav", wav(tone(1)))
    assert not cache.knows("pbx", "1.wav")
    first = cache.drawing_of("pbx", "1.wav", path)
    assert first is not None
    assert first.seconds == pytest.approx(1)
    (kept,) = (tmp_path / "peaks").glob("*.json")
    kept.write_text(kept.read_text().replace('"peaks":[', '"peaks":[99,'))
    again = cache.drawing_of("pbx", "1.wav", path)
    assert again is not None
    assert again.peaks[0] == 99
    put(tmp_path, "1.wav", wav(tone(2)))
    changed = cache.drawing_of("pbx", "1.wav", path)
    assert changed is not None
    assert changed.seconds == pytest.approx(2)
    path.unlink()
    assert cache.knows("pbx", "1.wav")
    assert not cache.knows("other", "1.wav")


def test_a_memory_that_is_spoiled_or_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path,
) -> None:
    path = put(tmp_path, "1.wav", wav(tone(1)))
    cache = PeakCache(tmp_path / "peaks")
    cache.drawing_of("pbx", "1.wav", path)
    for kept in (tmp_path / "peaks").iterdir():
        kept.write_text("{")
    assert cache.drawing_of("pbx", "1.wav", path) is not None
    in_the_way = put(tmp_path, "no-folder", b"")
    assert PeakCache(in_the_way).drawing_of("pbx", "1.wav", path) is not None
    assert PeakCache(in_the_way).drawing_of("pbx", "2.mp3", put(tmp_path, "2.mp3", b"ID3")) is None
