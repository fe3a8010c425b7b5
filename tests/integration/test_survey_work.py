"""The worker's turn for surveys: a link goes through the outbox to the carrier, some minutes after
the call and only where callers can reach us.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from callcenter import survey_work
from callcenter.bootstrap import build
from callcenter.gateways.sms_files import FileSms
from callcenter.rooms import outbox_of
from callcenter.runtime import Runtime
from callcenter.services.sending import send_texts
from callcenter.services.surveys import SurveyDesk
from callcenter.settings_channels import SmsAddress
from callcenter.store.tables import messages
from callcenter.surveys.survey import WAYS, Question, Survey
from tests.support.store import Store, call
from tests.support.web import settings_for

MOBILE = "+48601234567"
LINK = re.compile(r"https://desk\.example\.com/survey/[A-Za-z0-9_-]{32}\b")


@pytest.fixture
def carrier(tmp_path: Path) -> SmsAddress:
    return SmsAddress(kind="files", folder=tmp_path / "sms")


def centre(url: str, folder: Path, carrier: SmsAddress, public: str) -> Runtime:
    settings = settings_for(url, folder)
    able = {"sms": carrier, "sms_from": "+48500500500", "visitors_url": public, "web_origins": ()}
    runtime = build(replace(settings, **able))  # type: ignore[arg-type]
    SurveyDesk(unit_of_work=runtime.unit_of_work, clock=runtime.clock, ways=frozenset(WAYS)).create(
        Survey(
            key="",
            title="After a call",
            questions=(Question(texts={"en": "How was it?"}),),
            queues=("support",),
            ways=("sms",),
            delay_minutes=5,
            active=True,
        )
    )
    return runtime


def one_call(runtime: Runtime) -> None:
    ended = runtime.clock.now() - timedelta(minutes=6)
    at = {"started_at": ended - timedelta(minutes=2), "answered_at": ended, "ended_at": ended}
    record = call("17.1", result="answered", live=False, **at)
    with runtime.unit_of_work() as uow:
        engine = uow.connection.engine  # type: ignore[attr-defined]
    assert isinstance(engine, Engine)
    Store(engine).save(record, number=MOBILE)


@pytest.mark.parametrize(("public", "sent"), [("https://desk.example.com", 1), ("", 0)])
def test_a_link_goes_to_the_carrier_where_callers_can_reach_us(
    sqlite_url: str, tmp_path: Path, carrier: SmsAddress, public: str, sent: int
) -> None:
    runtime = centre(sqlite_url, tmp_path, carrier, public)
    one_call(runtime)
    turn = survey_work.loop(runtime)._turn
    turn()
    turn()
    send_texts(FileSms(carrier, "+48500500500"), outbox_of(runtime))
    told = [json.loads(one.read_text()) for one in (carrier.folder / "out").glob("*.json")]
    assert len(told) == sent
    assert all(LINK.search(one["text"]) for one in told)
    # Colleagues who read the conversation cannot answer in the caller's place.
    with runtime.reader() as connection:
        kept = connection.execute(select(messages.c.text)).scalars().all()
    assert len(kept) == sent
    assert [one for one in kept if LINK.search(one)] == []
    runtime.close()
