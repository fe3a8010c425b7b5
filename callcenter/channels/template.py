"""Texts to answer with: placeholders in braces, filled in before they go out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from callcenter.errors import Invalid

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,40}\.[a-z_]{1,40})\}")
PLACEHOLDERS = (
    "customer.name",
    "customer.given_name",
    "customer.family_name",
    "customer.organization",
    "operator.name",
    "conversation.subject",
    "conversation.number",
    "queue.title",
)
LONGEST_TEXT = 10_000
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTemplate:
    """`channel` and `queue`: where it is offered; empty for everywhere. A `signature` closes every
    mail of its queue; the one of the queue goes before the one of all."""

    id: int = 0
    kind: Literal["reply", "signature"] = "reply"
    title: str
    channel: str = ""
    queue: str = ""
    text: str
    position: int = 0
    active: bool = True


def checked(template: ReplyTemplate) -> ReplyTemplate:
    if not template.title.strip():
        raise Invalid("title", "give it a name")
    if len(template.title) > LONGEST_TITLE:
        raise Invalid("title", f"must have at most {LONGEST_TITLE} characters")
    if not template.text.strip():
        raise Invalid("text", "write something first")
    if len(template.text) > LONGEST_TEXT:
        raise Invalid("text", f"must have at most {LONGEST_TEXT} characters")
    for name in _PLACEHOLDER.findall(template.text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise Invalid("text", f"{{{name}}} is not known; known are {known}")
    return template


def filled(text: str, values: Mapping[str, str]) -> str:
    """Every placeholder replaced, one without a value by nothing. What is put in is text: braces
    in it stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), ""), text)


def offered(template: ReplyTemplate, channel: str, queue: str) -> bool:
    return template.active and template.channel in ("", channel) and template.queue in ("", queue)
