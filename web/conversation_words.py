"""How conversations look: icons, colours and words of their channels, states and messages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from web.presentation import Look

CHANNEL_LOOKS: Mapping[str, Look] = {
    "call": Look("calm", "phone", _l("Phone call")),
    "email": Look("calm", "mail", _l("Mail")),
    "sms": Look("calm", "device-mobile-message", _l("Short message")),
    "chat": Look("calm", "message-circle", _l("Chat")),
    "meeting": Look("calm", "calendar-event", _l("Meeting")),
    "note": Look("calm", "note", _l("Note")),
    "document": Look("calm", "paperclip", _l("Document")),
    "task": Look("calm", "checkbox", _l("Task done")),
}
CONVERSATION_STATES: Mapping[str, Look] = {
    "waiting": Look("ringing", "clock", _l("Waiting")),
    "offered": Look("ringing", "bell-ringing", _l("Offered")),
    "open": Look("talking", "message", _lp("state", "Open")),
    "closed": Look("calm", "circle-check", _lp("state", "Closed")),
}
MESSAGE_STATES: Mapping[str, Look] = {
    "queued": Look("calm", "clock", _l("Being sent")),
    "sent": Look("ok", "check", _l("Sent")),
    "failed": Look("bad", "alert-triangle", _l("Not sent")),
}
