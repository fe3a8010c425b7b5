"""A browser's phone calls the number that its call was signed for, and no other."""

from __future__ import annotations

import re
import socket
from uuid import uuid4

import pytest

from ami.lab.pbx import LabPbx
from ami.lab.ports import DEVICES_HOST
from callcenter.phones.digest import Challenge, digest_response

pytestmark = pytest.mark.pbx

ECHO = "600"


class RawPhone:
    """Says to the PBX what no phone of ours would: what is signed and what is asked may differ."""

    def __init__(self, pbx: LabPbx, line: socket.socket, name: str, secret: str) -> None:
        self._line, self._name, self._secret = line, name, secret
        self._server = (DEVICES_HOST, pbx.plan.ports.sip)
        self._id = uuid4().hex

    def call(self, number: str, *signed: str) -> int:
        """The PBX's final word on a call to `number` with a signature for each of `signed`."""
        challenge = self._ask(1, number, "")
        realm, nonce = re.findall(r'(?:realm|nonce)="([^"]+)"', challenge)
        headers = "".join(self._signature(realm, nonce, one) for one in signed)
        answer = self._ask(2, number, headers)
        return int(answer.split()[1])

    def _signature(self, realm: str, nonce: str, number: str) -> str:
        uri = f"sip:{number}@{DEVICES_HOST}"
        asked = Challenge(realm=realm, nonce=nonce, method="INVITE", uri=uri)
        response = digest_response(asked, self._name, self._secret)
        who = f'username="{self._name}", realm="{realm}", nonce="{nonce}"'
        return f'Authorization: Digest {who}, uri="{uri}", response="{response}"\r\n'

    def _ask(self, turn: int, number: str, headers: str) -> str:
        here = "{}:{}".format(*self._line.getsockname())
        invite = (
            f"INVITE sip:{number}@{DEVICES_HOST} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{turn}{self._id};rport\r\n"
            f"From: <sip:{self._name}@{DEVICES_HOST}>;tag={self._id}\r\n"
            f"To: <sip:{number}@{DEVICES_HOST}>\r\n"
            f"Call-ID: {self._id}\r\nCSeq: {turn} INVITE\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{self._name}@{here}>\r\n{headers}Content-Length: 0\r\n\r\n"
        )
        self._line.sendto(invite.encode(), self._server)
        while True:
            answer = self._line.recv(4096).decode()
            if f"CSeq: {turn} INVITE" in answer and int(answer.split()[1]) >= 200:
                self._acknowledge(answer, number, turn)
                return answer

    def _acknowledge(self, answer: str, number: str, turn: int) -> None:
        lines = [x for x in answer.splitlines() if re.match("(Via|From|To|Call-ID):", x)]
        ack = [f"ACK sip:{number}@{DEVICES_HOST} SIP/2.0", *lines, f"CSeq: {turn} ACK"]
        text = "\r\n".join([*ack, "Max-Forwards: 70", "Content-Length: 0", "", ""])
        self._line.sendto(text.encode(), self._server)


@pytest.mark.parametrize(
    ("signed", "status"),
    [((ECHO,), 200), (("1002",), 403), (("1002", ECHO), 403), ((ECHO, "1002"), 403)],
)
def test_a_browsers_call_goes_where_it_was_signed_to(
    lab_pbx: LabPbx, signed: tuple[str, ...], status: int
) -> None:
    secret = next(o.web_secret for o in lab_pbx.plan.operators if o.extension == "1001")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((DEVICES_HOST, 0))
        line.settimeout(10)
        assert RawPhone(lab_pbx, line, "web1001", secret).call(ECHO, *signed) == status
    lab_pbx.console("channel request hangup all")
    lab_pbx.wait_idle()
