"""The machine's voice, as this computer has it, and what is said where it has none."""

from __future__ import annotations

import shutil

import pytest

from callcenter.gateways import voice_espeak
from callcenter.gateways.sound_folder import SoundFolder
from callcenter.gateways.voice_espeak import EspeakVoice
from callcenter.ports.prompts import VoiceUnavailable
from callcenter.speech.wav import loudest
from tests.support.prompts import tone

SAID = {"en": "-v hello; $(id)", "ru": "двадцать одну минуту", "pl": "dwadzieścia złotych"}


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt-get install espeak-ng")
@pytest.mark.parametrize(("locale", "text"), SAID.items())
def test_a_text_is_spoken_once_and_then_found(tmp_path, monkeypatch, locale, text):
    folder = SoundFolder(tmp_path, EspeakVoice())
    name = folder.spoken(text, locale)
    assert 0.4 < folder.seconds(name) < 4
    assert loudest(folder.read(name)) > 4000
    monkeypatch.setattr(EspeakVoice, "speak", lambda *_: pytest.fail("asked again"))
    assert folder.spoken(f" {text} ", locale) == name


def test_without_a_voice_it_is_said_what_would_help(tmp_path, monkeypatch):
    monkeypatch.setattr(voice_espeak.shutil, "which", lambda _: None)
    with pytest.raises(VoiceUnavailable, match="apt install espeak-ng"):
        SoundFolder(tmp_path, EspeakVoice()).spoken("hello", "en")
    with pytest.raises(VoiceUnavailable, match="language"):
        EspeakVoice().speak("hallo", "de")


def test_a_sound_of_ones_own_is_named_by_what_is_in_it(tmp_path):
    folder = SoundFolder(tmp_path, EspeakVoice())
    first = folder.keep(tone(rate=16_000))
    assert folder.keep(tone(rate=16_000)) == first
    assert folder.seconds(first[0]) == pytest.approx(0.25, abs=0.01)
    assert [path.suffix for path in (tmp_path / "own").iterdir()] == [".wav"]
