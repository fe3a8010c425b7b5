"""One manager action at a time, by the lab's own user who may do everything.

A connection per action, deaf to events: what the witness records is not touched by it.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence

from ami.lab.pbx import LabError, LabPbx

_SECONDS = 30.0

Message = dict[str, str]


def manager_action(pbx: LabPbx, action: str, **headers: str | Sequence[str]) -> list[Message]:
    """The response, then the events of the list that it announces, if any.

    A header of several values (Variable) is a sequence. A refusal is a response like any other.
    """
    where = (pbx.plan.manager_bind, pbx.plan.ports.ami)
    with socket.create_connection(where, _SECONDS) as link, link.makefile("rb") as stream:
        secret = pbx.plan.manager.witness
        link.sendall(request("Login", Username="witness", Secret=secret, Events="off"))
        (welcome,) = answer(messages(stream))
        if welcome.get("Response") != "Success":
            raise LabError(f"the lab's manager user cannot log in: {welcome}")
        link.sendall(request(action, **headers))
        return list(answer(messages(stream)))


def request(action: str, **headers: str | Sequence[str]) -> bytes:
    lines = [f"Action: {action}"]
    for name, value in headers.items():
        lines += [f"{name}: {each}" for each in ((value,) if isinstance(value, str) else value)]
    if any("\r" in line or "\n" in line for line in lines):
        raise LabError(f"a header cannot hold two lines: {headers}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(received: Iterable[Message]) -> Iterator[Message]:
    """Of what the manager says, the response and its list."""
    is_list = False
    for message in received:
        if "Response" in message:
            yield message
            is_list = message.get("EventList", "").lower() == "start"
        elif is_list:
            yield message
        else:
            continue  # FullyBooted comes to everybody who logs in
        if not is_list or message.get("EventList", "").lower() in ("complete", "cancelled"):
            return
    raise LabError("the manager hung up before it answered")


def messages(lines: Iterable[bytes]) -> Iterator[Message]:
    message: Message = {}
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        name, colon, value = text.partition(":")
        if colon:
            value = value.lstrip()
            message[name] = f"{message[name]}\n{value}" if name in message else value
        elif not text and message:
            yield message
            message = {}
