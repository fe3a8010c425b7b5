"""What callers hear: texts in each language, sounds to listen to, upload, or record by phone."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Invalid, ProductError
from callcenter.ports import PbxCommand
from callcenter.ports.prompts import VoiceUnavailable
from callcenter.services.phone_home import home_of
from callcenter.services.prompts import LARGEST_FILE, PromptDesk
from callcenter.speech import BUILTIN, LOCALES
from callcenter.speech.prompts import Prompt, heard_as, text_of
from callcenter.speech.wav import RATES
from web.access import allow
from web.bodies import takes_files
from web.context import me, runtime
from web.errors import status_of
from web.menu_words import SOURCES
from web.service_words import words_of

prompts = Blueprint("prompts", __name__, url_prefix="/prompts")
RECORD_CODE = "*96"


@prompts.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page()


@prompts.post("")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    key, title = request.form.get("key", "").strip().lower(), request.form.get("title", "")
    try:
        _desk().create(key, title, {})
    except ProductError as error:
        return _page(error, {"key": key[:64], "title": title[:200]}), status_of(error)
    return redirect(url_for("prompts.one", key=key))


@prompts.get("/<key>")
@allow("supervisor", "admin")
def one(key: str) -> str:
    return _prompt_page(_existing(key))


@prompts.post("/<key>")
@allow("supervisor", "admin")
def save(key: str) -> ResponseReturnValue:
    prompt = _existing(key)
    texts = {locale: request.form.get(f"text-{locale}", "") for locale in LOCALES}
    own = {one: text for one, text in texts.items() if text.strip() != _brought(key, one)}
    try:
        _desk().save(key, request.form.get("title", ""), own)
    except ProductError as error:
        typed = Prompt(key=key, title=prompt.title, texts=texts, files=prompt.files)
        return _prompt_page(typed, error), status_of(error)
    flash(_("Saved. Callers hear it within seconds."))
    return redirect(url_for("prompts.one", key=key))


@prompts.post("/<key>/remove")
@allow("supervisor", "admin")
def remove(key: str) -> ResponseReturnValue:
    _existing(key)
    _desk().remove(key)
    flash(_("It is as the product brought it again.") if key in BUILTIN else _("Deleted."))
    return redirect(url_for("prompts.page"))


@prompts.post("/<key>/<locale>/upload")
@allow("supervisor", "admin")
@takes_files(LARGEST_FILE)
def upload(key: str, locale: str) -> ResponseReturnValue:
    prompt, sent = _existing(key), request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("file", "the file is empty, or none was chosen")
        _desk().upload(key, locale, sent.stream.read(LARGEST_FILE + 1))
    except ProductError as error:
        return _prompt_page(prompt, error, locale), status_of(error)
    finally:
        if sent is not None:
            sent.close()
    flash(_("Uploaded. Listen to it as a phone plays it."))
    return redirect(url_for("prompts.one", key=key, _anchor=f"sound-{locale}"))


@prompts.post("/<key>/<locale>/take-away")
@allow("supervisor", "admin")
def take_away(key: str, locale: str) -> ResponseReturnValue:
    _existing(key)
    _desk().remove_file(key, locale)
    return redirect(url_for("prompts.one", key=key, _anchor=f"sound-{locale}"))


def _home() -> str:
    with runtime().unit_of_work() as uow:
        user = uow.users.get(me().id)
        return home_of(uow, user, runtime().settings.hand_names) if user is not None else ""


@prompts.post("/<key>/<locale>/record")
@allow("supervisor", "admin")
def record(key: str, locale: str) -> ResponseReturnValue:
    """Rings the user's own phone, or says what to dial on it."""
    _existing(key)
    code = _desk().ask_recording(key, locale)
    dialled = f"{RECORD_CODE}{code}"
    if me().endpoint and runtime().settings.ami_originate:
        runtime().bus.command(
            PbxCommand(
                action="originate",
                endpoint=me().endpoint,
                arguments={"to": dialled, "caller_id": ""},
                id=str(uuid4()),
                pbx=_home(),
                user_id=me().id,
                issued_at=runtime().clock.now(),
            )
        )
        flash(_("Your phone rings: answer it, and speak after the tone. Or dial %(code)s within "
                "ten minutes.", code=dialled))  # fmt: skip
    else:
        flash(_("Dial %(code)s on your phone within ten minutes, and speak after the tone.",
                code=dialled))  # fmt: skip
    return redirect(url_for("prompts.one", key=key, _anchor=f"sound-{locale}"))


@prompts.get("/<key>/<locale>.wav")
@allow("supervisor", "admin")
def sound(key: str, locale: str) -> ResponseReturnValue:
    """What a caller of this language hears, as the phone plays it."""
    content = _heard(_existing(key), locale if locale in LOCALES else LOCALES[0])
    answer = Response(content or abort(404), mimetype="audio/wav")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _heard(prompt: Prompt, locale: str) -> bytes | None:
    sounds = runtime().sounds
    for way in heard_as(prompt, prompt.key, locale):
        try:
            name = way.stored_as or sounds.spoken(way.text, way.locale)
        except VoiceUnavailable:
            continue
        if sounds.has(name):
            return sounds.read(name)
    return None


def _page(error: ProductError | None = None, typed: dict[str, str] | None = None) -> str:
    with runtime().unit_of_work() as uow:
        own = uow.prompts.all()
    keys = [*sorted(set(own) - set(BUILTIN)), *BUILTIN]
    return render_template(
        "prompts/page.html",
        prompts=[own.get(key) or Prompt(key=key) for key in keys],
        changed=set(own),
        text_of=text_of,
        locales=LOCALES,
        typed=typed or {},
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _prompt_page(prompt: Prompt, error: ProductError | None = None, locale: str = "") -> str:
    return render_template(
        "prompts/prompt.html",
        prompt=prompt,
        locales=LOCALES,
        text_of=text_of,
        brought={one: _brought(prompt.key, one) for one in LOCALES},
        sources=SOURCES,
        rates=", ".join(f"{rate / 1000:g}" for rate in RATES),
        problem=words_of(error) if error else "",
        problem_field=f"{error.field}-{locale}"
        if error and locale
        else error.field
        if error
        else "",
    )


def _existing(key: str) -> Prompt:
    with runtime().unit_of_work() as uow:
        own = uow.prompts.all().get(key)
    if own is None and key not in BUILTIN:
        abort(404)
    return own or Prompt(key=key)


def _brought(key: str, locale: str) -> str:
    return BUILTIN.get(key, {}).get(locale, "")


def _desk() -> PromptDesk:
    return PromptDesk(runtime().unit_of_work, runtime().clock, runtime().sounds, me().id)
