"""Use cases around prompts: their texts, sounds that are uploaded, recording them by phone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.menus import AskedRecording
from callcenter.ports.prompts import Sounds
from callcenter.speech import BUILTIN, LOCALES
from callcenter.speech.prompts import KEY, LONGEST_TEXT, Prompt, SoundFile, Source

LARGEST_FILE: Final = 32 * 1024 * 1024
RECORD_WITHIN: Final = timedelta(minutes=10)
_LONGEST_TITLE: Final = 120
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class PromptDesk:
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    sounds: Sounds
    user_id: int | None = None

    def save(self, key: str, title: str, texts: Mapping[str, str]) -> None:
        """Of a built-in prompt the company's own words; empty ones are the product's again."""
        with self.unit_of_work() as uow:
            before = uow.prompts.all().get(key)
            after = replace(_cleaned(key, title, texts), files=before.files if before else {})
            if before is None and len(uow.prompts.all()) >= _MOST:
                raise Invalid("key", f"at most {_MOST} prompts")
            uow.prompts.save(after, self.clock.now())
            told = dict(before.texts) if before else None
            self._audit(uow, "prompt_saved", key, before=told, after=dict(after.texts))
            uow.commit()

    def create(self, key: str, title: str, texts: Mapping[str, str]) -> None:
        with self.unit_of_work() as uow:
            if key in BUILTIN or key in uow.prompts.all():
                raise Invalid("key", "there is a prompt of that key already")
        self.save(key, title, texts)

    def remove(self, key: str) -> None:
        """A built-in one is as the product brought it again."""
        with self.unit_of_work() as uow:
            before = _own(uow, key)
            uow.prompts.remove(key)
            self._audit(uow, "prompt_removed", key, before=dict(before.texts))
            uow.commit()

    def upload(
        self, key: str, locale: str, content: bytes, *, source: Source = "uploaded"
    ) -> float:
        """How many seconds it has."""
        _check_locale(locale)
        if not content:
            raise Invalid("file", "the file is empty, or none was chosen")
        if len(content) > LARGEST_FILE:
            raise Invalid("file", f"must have at most {LARGEST_FILE // (1024 * 1024)} MB")
        if self.user_id is None:
            raise Invalid("file", "somebody must have brought it")
        name, seconds, digest = self.sounds.keep(content)
        file = SoundFile(source=source, stored_as=name, seconds=seconds)
        with self.unit_of_work() as uow:
            self._begin(uow, key)
            uow.prompts.set_file(
                key, locale, file, digest, user_id=self.user_id, at=self.clock.now()
            )
            self._audit(uow, f"prompt_{source}", key, locale=locale, sha256=digest)
            uow.commit()
        return seconds

    def remove_file(self, key: str, locale: str) -> None:
        """The text is read aloud again. The sound itself stays: a version may have been heard."""
        _check_locale(locale)
        with self.unit_of_work() as uow:
            _own(uow, key)
            uow.prompts.remove_file(key, locale)
            self._audit(uow, "prompt_file_removed", key, locale=locale)
            uow.commit()

    def ask_recording(self, key: str, locale: str) -> str:
        """The code under which this user's phone records it, within ten minutes."""
        _check_locale(locale)
        code = f"{secrets.randbelow(10**8):08d}"
        if self.user_id is None:
            raise Invalid("file", "somebody must have brought it")
        with self.unit_of_work() as uow:
            self._begin(uow, key)
            uow.prompts.ask_recording(key, locale, code, user_id=self.user_id, at=self.clock.now())
            uow.commit()
        return code

    def _begin(self, uow: UnitOfWork, key: str) -> None:
        """A built-in prompt has no row before somebody changes it."""
        if key in uow.prompts.all():
            return
        if key not in BUILTIN:
            raise NotFound("prompt", "there is no such prompt")
        uow.prompts.save(Prompt(key=key), self.clock.now())

    def _audit(self, uow: UnitOfWork, action: str, key: str, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="prompt",
            object_id=key,
            at=self.clock.now(),
            detail=detail,
        )


def asked(
    code: str, *, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> AskedRecording | None:
    with unit_of_work() as uow:
        return uow.prompts.asked_recording(code, clock.now() - RECORD_WITHIN)


def keep_recording(
    one: AskedRecording,
    content: bytes,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    sounds: Sounds,
) -> None:
    desk = PromptDesk(unit_of_work, clock, sounds, one.user_id)
    desk.upload(one.prompt_key, one.locale, content, source="recorded")
    with unit_of_work() as uow:
        uow.prompts.end_recording(one.id, "kept")
        uow.commit()


def _own(uow: UnitOfWork, key: str) -> Prompt:
    found = uow.prompts.all().get(key)
    if found is None:
        raise NotFound("prompt", "there is no such prompt")
    return found


def _cleaned(key: str, title: str, texts: Mapping[str, str]) -> Prompt:
    if not KEY.fullmatch(key):
        raise Invalid("key", "must be small Latin letters, digits and -, a letter first")
    title = " ".join(title.split())
    if len(title) > _LONGEST_TITLE:
        raise Invalid("title", f"must have at most {_LONGEST_TITLE} characters")
    clean = {locale: " ".join(texts.get(locale, "").split()) for locale in LOCALES}
    for locale, text in clean.items():
        if len(text) > LONGEST_TEXT:
            raise Invalid(f"text-{locale}", f"must have at most {LONGEST_TEXT} characters")
    return Prompt(key=key, title=title, texts={one: text for one, text in clean.items() if text})


def _check_locale(locale: str) -> None:
    if locale not in LOCALES:
        raise Invalid("locale", f"must be one of: {', '.join(LOCALES)}")
