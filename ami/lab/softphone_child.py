"""One soft phone in a process of its own: PJSIP does the talking, lines of JSON say what to do.

The first line is the phone (see `Identity` in `softphones`); each further line is an order, and is
answered by one line with its `id`. Between them the phone tells what happens to it: `registered`,
`state` of a call, `transfer` (how a REFER of ours goes). Nobody hears anything: the sound device
is a null device, but media flows, so digits, music on hold and a tone it sings are real.
"""

from __future__ import annotations

import json
import os
import select
from collections.abc import Callable
from io import FileIO
from typing import Any

import pjsua2 as pj

_CODEC = "PCMA/8000/1"
_POLL_MS = 10


_LOG = os.environ.get("PJSIP_LOG", "")
"""For whoever wonders what a phone did: PJSIP's log level, to standard error."""
_OUT = os.fdopen(os.dup(1), "w")
_IN = FileIO(0, closefd=False)  # unbuffered, so that select sees all that waits


def tell(**what: Any) -> None:
    _OUT.write(json.dumps(what) + "\n")
    _OUT.flush()


class Line(pj.Call):  # type: ignore[misc]
    """One call of the phone."""

    over = False

    def onCallState(self, prm: Any) -> None:  # noqa: ARG002, N802 - PJSIP's names
        info = self.getInfo()
        self.over = info.state == pj.PJSIP_INV_STATE_DISCONNECTED
        tell(
            event="state",
            call=info.id,
            state=info.stateText,
            code=int(info.lastStatusCode),
            remote=info.remoteUri,
            incoming=info.role == pj.PJSIP_ROLE_UAS,
        )

    def onCallTransferStatus(self, prm: Any) -> None:  # noqa: N802
        tell(event="transfer", call=self.getId(), code=int(prm.statusCode), final=prm.finalNotify)
        prm.cont = not prm.finalNotify
        if prm.finalNotify and prm.statusCode // 100 == 2 and self.isActive():
            self.hangup(pj.CallOpParam())  # the PBX waits for us to leave


class Account(pj.Account):  # type: ignore[misc]
    def __init__(self, lines: dict[int, Line]) -> None:
        super().__init__()
        self._lines = lines

    def onRegState(self, prm: Any) -> None:  # noqa: N802
        tell(event="registered", code=int(prm.code), active=self.getInfo().regIsActive)

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        line = Line(self, prm.callId)
        self._lines[prm.callId] = line
        ring = pj.CallOpParam()
        ring.statusCode = 180
        line.answer(ring)
        line.onCallState(None)


class Phone:
    """Carries out the orders, one method for each."""

    def __init__(self, identity: dict[str, Any]) -> None:
        self._identity = identity
        self._lines: dict[int, Line] = {}
        self._voices: list[Any] = []
        self.endpoint = _endpoint(identity)
        self._account = Account(self._lines)
        self._account.create(_account(identity))

    def obey(self, order: dict[str, Any]) -> Any:
        return getattr(self, f"do_{order['do']}")(**order.get("with", {}))

    def forget_ended(self) -> None:
        """PJSIP gives a number again, and a line that goes then would end the new call."""
        for number in [number for number, line in self._lines.items() if line.over]:
            del self._lines[number]

    def do_call(self, to: str) -> int:
        line = Line(self._account)
        line.makeCall(self._address(to), pj.CallOpParam(True))
        number = int(line.getId())
        self._lines[number] = line
        return number

    def do_answer(self, call: int, status: int) -> None:
        answer = pj.CallOpParam()
        answer.statusCode = status
        self._lines[call].answer(answer)

    def do_hang_up(self, call: int) -> None:
        self._lines[call].hangup(pj.CallOpParam())

    def do_hold(self, call: int) -> None:
        self._lines[call].setHold(pj.CallOpParam(True))

    def do_unhold(self, call: int) -> None:
        back = pj.CallOpParam(True)
        back.opt.flag = pj.PJSUA_CALL_UNHOLD
        self._lines[call].reinvite(back)

    def do_transfer(self, call: int, to: str) -> None:
        self._lines[call].xfer(self._address(to), pj.CallOpParam())

    def do_join(self, call: int, other: int) -> None:
        self._lines[call].xferReplaces(self._lines[other], pj.CallOpParam())

    def do_press(self, call: int, digits: str) -> None:
        self._lines[call].dialDtmf(digits)

    def do_sing(self, call: int, hertz: int = 440) -> None:
        """A tone that lasts as long as the call."""
        tone = pj.ToneDesc()
        tone.freq1, tone.freq2, tone.on_msec, tone.off_msec = hertz, 0, 1000, 0
        tones = pj.ToneDescVector()
        tones.append(tone)
        voice = pj.ToneGenerator()
        voice.createToneGenerator(8000, 1)
        voice.play(tones, True)
        voice.startTransmit(self._lines[call].getAudioMedia(-1))
        self._voices.append(voice)

    def do_record(self, call: int, file: str) -> None:
        """What this phone hears, from now on."""
        ear = pj.AudioMediaRecorder()
        ear.createRecorder(file)
        self._lines[call].getAudioMedia(-1).startTransmit(ear)
        self._voices.append(ear)

    def do_sign_out(self) -> None:
        if self._identity["secret"]:
            self._account.setRegistration(False)

    def _address(self, to: str) -> str:
        return f"sip:{to}@{self._identity['server']}"


def _endpoint(identity: dict[str, Any]) -> Any:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = "lab soft phone"
    config.logConfig.level = config.logConfig.consoleLevel = int(_LOG or 0)
    config.medConfig.noVad = True
    endpoint.libInit(config)
    transport = pj.TransportConfig()
    transport.boundAddress, transport.port = identity["host"], identity["port"]
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    for codec in endpoint.codecEnum2():
        # One codec: a longer INVITE would not fit into a datagram.
        endpoint.codecSetPriority(codec.codecId, 200 if codec.codecId == _CODEC else 0)
    return endpoint


def _account(identity: dict[str, Any]) -> Any:
    config = pj.AccountConfig()
    user, host = identity["user"], identity["host"]
    name = f'"{identity["name"]}" ' if identity["name"] else ""
    if identity["secret"]:
        config.idUri = f"{name}<sip:{user}@{identity['server']}>"
        config.regConfig.registrarUri = f"sip:{identity['server']}"
        credentials = pj.AuthCredInfo("digest", "*", user, 0, identity["secret"])
        config.sipConfig.authCreds.append(credentials)
    else:
        config.idUri = f"{name}<sip:{user}@{host}>"
    media = config.mediaConfig.transportConfig
    media.boundAddress, media.port = host, identity["media_port"]
    return config


def serve(phone: Phone, orders: Callable[[], list[str] | None]) -> None:
    """Until the orders end."""
    while (lines := orders()) is not None:
        for line in lines:
            order = json.loads(line)
            try:
                tell(id=order["id"], result=phone.obey(order))
            except pj.Error as error:
                tell(id=order["id"], error=error.info())
            except KeyError:
                tell(id=order["id"], error="that call is over")
        phone.endpoint.libHandleEvents(_POLL_MS)
        phone.forget_ended()


def _orders_of_stdin() -> list[str] | None:
    lines: list[str] = []
    while select.select([_IN], [], [], 0)[0]:
        line = _IN.readline()
        if not line:
            return None
        lines.append(line.decode())
    return lines


def main() -> None:
    # PJSIP writes to standard output before it can be told not to; that is ours.
    os.dup2(2 if _LOG else os.open(os.devnull, os.O_WRONLY), 1)
    identity = json.loads(_IN.readline())
    phone = Phone(identity)
    tell(event="ready")
    serve(phone, _orders_of_stdin)
    # PJSIP's own farewell waits for the network; whoever signed out has nothing left to say.
    os._exit(0)


if __name__ == "__main__":
    main()
