"""Click to call: the operator's own phone rings first, then the dialplan calls the number."""

from __future__ import annotations

from ami.command_values import channel, number_in
from ami.ears import Event, Test
from ami.hand import Hand, Later
from ami.outcomes import Outcome, of_originate
from callcenter.ports import PbxCommand

CONTEXT = "crm-click"
_RINGS = 40.0
_ANSWERS_LATE = 5.0
_LAST_WORDS = 0.5


def channel_id_of(command_id: str) -> str:
    """Our own channel's id for a click: it tells the click in every event of its call, and
    Asterisk itself refuses a second channel of that id."""
    return f"crm-{command_id}"


async def originate(hand: Hand, command: PbxCommand, _later: Later) -> Outcome:
    number = number_in(command)
    await hand.must_lead_somewhere(number, CONTEXT)
    channel_id = channel_id_of(command.id)
    headers = {
        "Channel": channel(command.endpoint),
        "Context": CONTEXT,
        "Exten": number,
        "Priority": "1",
        "Timeout": str(int(_RINGS * 1000)),
        "Async": "true",
        "CallerID": f'"{number}" <{number}>',
        "ChannelId": channel_id,
        "OtherChannelId": f"{channel_id}-2",
        "Variable": _variables(command, number),
    }
    with hand.listening() as heard:
        response = (await hand.send("Originate", headers, _RINGS + _ANSWERS_LATE))[-1]
        ended: Event | None = None
        if response.get("Response") != "Success":
            ended = await heard.until(_end_of(channel_id), _LAST_WORDS)
        return of_originate(response, ended)


def _variables(command: PbxCommand, number: str) -> list[str]:
    """These and no others: a variable steers the dialplan."""
    told = {"CRM_CLICK": number}
    if command.arguments.get("caller_id"):
        told["CRM_CALLER_ID"] = number_in(command, "caller_id")
    # By this header the soft phone knows its operator's own click, and answers.
    told["PJSIP_HEADER(add,X-Callcenter-Click)"] = command.id
    return [f"{name}={value}" for name, value in told.items()]


def _end_of(uniqueid: str) -> Test:
    return lambda event: event.get("Event") == "Hangup" and event.get("Uniqueid") == uniqueid
