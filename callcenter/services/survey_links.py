"""Use case: some minutes after a call its caller is sent a link, if they may be. The message goes
by the outbox like any other; a gateway that refuses it says so there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from callcenter.channels import conversation as steps
from callcenter.channels.contact import Contact
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import figures_of
from callcenter.channels.message import Message
from callcenter.customers.contacts import contact_key
from callcenter.customers.phone import is_mobile
from callcenter.errors import ProductError
from callcenter.ports import UnitOfWork
from callcenter.ports.surveys import Talked
from callcenter.services.answers import message_id_of
from callcenter.services.conversations import Room
from callcenter.services.survey_answers import asking, may_ask
from callcenter.surveys import texts
from callcenter.surveys.links import digest, new_token
from callcenter.surveys.survey import Survey, Way

log = structlog.get_logger(__name__)
WINDOW: Final = timedelta(minutes=30)
"""Whose time was longer ago is not asked any more: they have forgotten the call."""
_AT_ONCE: Final = 200


def send_due(room: Room, address: str, since: datetime) -> int:
    """Ask about every call whose time came after `since`. `address`: where visitors reach us.
    How many were written to."""
    with room.unit_of_work() as uow:
        surveys = [one for one in uow.surveys.all() if one.active and one.link_ways]
    return sum(_send(survey, room, address, since) for survey in surveys)


def _send(survey: Survey, room: Room, address: str, since: datetime) -> int:
    now = room.clock.now()
    delay = timedelta(minutes=survey.delay_minutes)
    since = max(since - delay, now - delay - WINDOW)
    sent = 0
    with room.unit_of_work() as uow:
        due = uow.surveys.talks(survey.queues, since, now - delay, _AT_ONCE)
    for talk in due:
        try:
            sent += _ask(survey, talk, room, address)
        except ProductError as error:  # of this one; the others are asked all the same
            log.warning("survey.not_sent", survey=survey.key, why=error.message)
    return sent


def _ask(survey: Survey, talk: Talked, room: Room, address: str) -> bool:
    now = room.clock.now()
    with room.unit_of_work() as uow:
        if not may_ask(uow, survey, talk, now):
            return False
        way = _way(uow, survey, talk, room)
        if way is None:
            return False
        token = new_token(room.key)
        link = f"{address.rstrip('/')}/survey/{token}"
        values = {
            **asking(survey, talk, now),
            "way": way,
            "token_digest": digest(token),
            "expires_at": now + timedelta(hours=survey.valid_hours),
        }
        answer_id = uow.surveys.ask(values)
        if answer_id is None:
            return False
        message_id = _write(uow, way, talk, (values["language"], link), room)
        uow.surveys.change(answer_id, {"message_id": message_id})
        uow.commit()
    return True


def _way(uow: UnitOfWork, survey: Survey, talk: Talked, room: Room) -> Way | None:
    """The first that is set up, reaches them, and that they have not refused."""
    for way in survey.link_ways:
        to = _address(way, talk, room)
        if to and _wanted(uow, way, to, survey, talk):
            return way
    return None


def _address(way: Way, talk: Talked, room: Room) -> str:
    if way == "sms":
        return talk.number if room.sms_from and is_mobile(talk.number) else ""
    return talk.email if room.mail_from else ""


def _wanted(uow: UnitOfWork, way: Way, to: str, survey: Survey, talk: Talked) -> bool:
    """A refusal holds always; where the survey says so, only a consent will do."""
    if way == "email" and uow.conversations.opted_out("email", contact_key("email", to)):
        return False
    known = talk.customer_id
    given = uow.conversations.consents(known, way) if known is not None else None
    return given is True or (given is None and not survey.needs_consent)


def _write(
    uow: UnitOfWork, way: Way, talk: Talked, told: tuple[str, str], room: Room
) -> int | None:
    language, link = told
    text = texts.message(way, language, link)
    conversation = _conversation(uow, way, talk, texts.subject(language), room)
    now = room.clock.now()
    message = Message(
        conversation_id=conversation.id,
        direction="out",
        at=now,
        sender=conversation.account,
        recipients={"to": (conversation.address,)},
        text=text,
        state="queued",
        next_at=now,
    )
    if way == "email":
        subject, name = texts.subject(language), message_id_of(conversation, room)
        message = replace(message, subject=subject, external_id=name)
    return uow.messages.add(message)


def _conversation(
    uow: UnitOfWork, way: Way, talk: Talked, subject: str, room: Room
) -> Conversation:
    """Who answers reaches the queue they spoke with; until then nobody has anything to do."""
    to = _address(way, talk, room)
    account = room.sms_from if way == "sms" else room.mail_from
    if way == "sms":
        known = uow.conversations.latest("sms", to, account)
        if known is not None and known.live:
            return known
    now = room.clock.now()
    draft = Conversation(
        channel="sms" if way == "sms" else "email",
        opened_at=now,
        last_message_at=now,
        customer_id=talk.customer_id,
        address=to if way == "sms" else contact_key("email", to),
        account=account,
        subject="" if way == "sms" else subject,
        queue=talk.queue,
    )
    begun = uow.conversations.add(draft, _contact(draft, to))
    after = steps.closed(replace(begun, first_reply_at=now), "operator", now)
    return uow.conversations.save(after, figures_of(after, ours=True))


def _contact(draft: Conversation, written_to: str) -> Contact:
    text = draft.channel == "sms"
    return Contact(
        channel="sms" if text else "email",
        direction="outbound",
        started_at=draft.opened_at,
        number=draft.address if text else "",
        number_raw=written_to,
        number_kind="e164" if text else "address",
        dialed=written_to,
        queue=draft.queue,
        subject=draft.subject,
        customer_id=draft.customer_id,
        match="chosen" if draft.customer_id is not None else "none",
    )
