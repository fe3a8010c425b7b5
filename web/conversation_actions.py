"""What the pages of conversations ask for besides their use cases: queues, templates, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort
from werkzeug.datastructures import FileStorage

from callcenter.channels.conversation import Conversation
from callcenter.channels.template import ReplyTemplate, filled, offered
from callcenter.customers.customer import CustomerDraft
from callcenter.queries.conversations import ConversationView
from callcenter.services import conversation_files
from callcenter.services import customers as customer_services
from callcenter.services.signatures import values_of
from web.context import me, runtime

MOST_FILES = 20


def queues() -> Mapping[str, str]:
    """Name → title."""
    with runtime().unit_of_work() as uow:
        return {name: one.title or name for name, one in uow.staffing.queues().items()}


def channels() -> tuple[str, ...]:
    """Over which we can write first."""
    settings = runtime().settings
    able = (("email", settings.mail_server), ("sms", settings.sms))
    return tuple(name for name, there in able if there is not None)


def templates_for(conversation: Conversation) -> tuple[ReplyTemplate, ...]:
    with runtime().unit_of_work() as uow:
        known = uow.reply_templates.all("reply")
    return tuple(one for one in known if offered(one, conversation.channel, conversation.queue))


def filled_template(conversation: Conversation, template_id: int) -> str:
    with runtime().unit_of_work() as uow:
        found = uow.reply_templates.get(template_id)
        if found is None:
            abort(404)
        return filled(found.text, values_of(uow, conversation, me().id))


def keep_files(view: ConversationView, uploaded: Sequence[FileStorage]) -> tuple[int, ...]:
    """What is attached to an answer, kept before it; empty inputs of a form count for nothing."""
    chosen = [one for one in uploaded if one.filename][:MOST_FILES]
    return tuple(
        conversation_files.add_file(
            view.conversation,
            one.filename or "",
            one.stream,
            files=runtime().files,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
            user_id=me().id,
        )
        for one in chosen
    )


def make_card(view: ConversationView) -> int:
    """A card of whoever wrote, unconfirmed, with the address they wrote from."""
    conversation = view.conversation
    with runtime().unit_of_work() as uow:
        first = next(
            (one for one in uow.messages.of(conversation.id) if one.direction == "in"), None
        )
    sender = first.sender if first is not None else ""
    name = sender.rpartition("<")[0].strip().strip('"') or conversation.address
    draft = CustomerDraft(
        display_name=name[:160],
        email=conversation.address if conversation.channel == "email" else "",
        confirmed=False,
    )
    return customer_services.create_customer_from_call(
        conversation.interaction_id,
        draft,
        user_id=me().id,
        publisher=runtime().bus,
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
        plan=runtime().settings.number_plan,
    )
