"""Which conversation a mail belongs to: by the ids it names, else by the mark in its subject. Pure.

The mark (`[#12-k7f3qa]`) holds the conversation's number and a few letters made with our key, so
that nobody writes into a stranger's conversation by counting.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

_ID = re.compile(r"<[^<>\s]{1,998}>")
_MARK = re.compile(r"\[#(\d{1,15})-([a-z2-7]{6})\]")
_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|odp|pd|sv|tr|ответ|пересл|отв|на)\s*(?:\[\d+\])?\s*:)\s*", re.I
)
LONGEST_ID = 255
_MOST_REFERENCES = 50


def ids_in(header: str) -> tuple[str, ...]:
    """The Message-IDs that a header names, in order, each once; never more than a few dozen."""
    found = dict.fromkeys(keyed(one) for one in _ID.findall(header))
    ids = tuple(found)
    if len(ids) <= _MOST_REFERENCES:
        return ids
    return (ids[0], *ids[1 - _MOST_REFERENCES :])


def keyed(message_id: str) -> str:
    """An id as it is stored: one that is too long for a column is told by its hash."""
    if len(message_id) <= LONGEST_ID:
        return message_id
    return f"<{hashlib.sha256(message_id.encode(errors='replace')).hexdigest()}@long>"


def thread_key(message_id: str, references: Sequence[str]) -> str:
    """What all mails of a thread share: the id of its first."""
    return references[0] if references else message_id


def named(in_reply_to: Sequence[str], references: Sequence[str]) -> tuple[str, ...]:
    """The ids a mail answers, the closest first."""
    return tuple(dict.fromkeys((*in_reply_to, *reversed(references))))


def mark(conversation_id: int, key: str) -> str:
    return f"[#{conversation_id}-{_sign(conversation_id, key)}]"


def marked(subject: str, key: str) -> int | None:
    """The conversation that a subject names with a mark of ours."""
    for number, sign in _MARK.findall(subject):
        if hmac.compare_digest(sign, _sign(int(number), key)):
            return int(number)
    return None


def bare_subject(subject: str) -> str:
    """Without `Re:`, `Fwd:`, `Odp:` and marks."""
    text = _MARK.sub("", subject)
    while (shorter := _PREFIX.sub("", text, count=1)) != text:
        text = shorter
    return " ".join(text.split())


def answer_subject(subject: str, conversation_id: int, key: str) -> str:
    bare = bare_subject(subject)
    return f"Re: {bare} {mark(conversation_id, key)}" if bare else mark(conversation_id, key)


def _sign(conversation_id: int, key: str) -> str:
    told = hmac.new(key.encode(), f"conversation:{conversation_id}".encode(), hashlib.sha256)
    return base64.b32encode(told.digest()).decode().lower()[:6]
