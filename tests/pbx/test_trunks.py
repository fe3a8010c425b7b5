"""A provider that wants us to sign in, and a trunk that is away: one Asterisk calls by another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import FarEnd
from ami.lab.ports import free_udp_port
from callcenter.pbx.plan import Trunk
from tests.pbx.manager import originator
from tests.support.lab import require_lab
from tests.support.waiting import wait_until

PROVIDER = "127.0.0.4"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPbx]:
    """Knows us as its operator 1001."""
    require_lab()
    with LabPbx(tmp_path_factory.mktemp("provider"), plan=lab_plan(bind=PROVIDER)) as pbx:
        yield pbx


@pytest.fixture(scope="module")
def ours(provider: LabPbx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPbx]:
    away = Trunk(name="trunk-away", port=free_udp_port("127.0.0.1"), host="127.0.0.1", watched=True,
                 match=("127.0.0.9",))  # fmt: skip
    account = provider.plan.operators[0]
    signed = Trunk(
        name="trunk-signed",
        host=PROVIDER,
        match=(PROVIDER,),
        port=provider.plan.ports.sip,
        user=account.extension,
        secret=account.secret,
        registers=True,
    )
    plan = lab_plan(trunks=(away, signed))
    with LabPbx(tmp_path_factory.mktemp("ours"), plan=plan) as pbx:
        wait_until(lambda: "Registered" in pbx.console("pjsip show registrations"), timeout=20)
        yield pbx


def test_a_call_goes_out_signed_by_the_first_trunk_that_takes_it(
    ours: LabPbx, provider: LabPbx
) -> None:
    ours.console("pjsip qualify trunk-away")  # it would by itself within half a minute
    wait_until(lambda: "Unavail" in ours.console("pjsip show contacts"), timeout=20)
    with FarEnd(provider):
        _place(ours, "Local/+48600700800@crm-outbound")
        wait_until(lambda: "trunk-signed" in _up(ours), timeout=20)
        assert "trunk-away" not in _up(ours)
        assert "1001" in _up(provider)
        ours.console("channel request hangup all")


def test_a_call_to_the_account_is_a_call_from_the_network(ours: LabPbx, provider: LabPbx) -> None:
    with ExitStack() as over:
        over.callback(provider.console, "channel request hangup all")
        _place(provider, "PJSIP/1001")
        wait_until(lambda: "PJSIP/trunk-signed" in _up(ours), timeout=20)
        main = next(one for one in ours.plan.dids if one.number == ours.plan.main_number)
        channel = _up(ours).partition("!")[0]
        assert f"CRM_DIALED={main.to.place}" in ours.console(f"core show channel {channel}")


def _place(pbx: LabPbx, channel: str) -> None:
    """Call a channel, and let it wait."""
    order = {"Channel": channel, "Application": "Wait", "Data": "60", "Async": "true"}
    with originator(pbx) as user:
        assert user.ask("Originate", **order)["Response"] == "Success"


def _up(pbx: LabPbx) -> str:
    lines = pbx.console("core show channels concise").splitlines()
    return "\n".join(line for line in lines if "!Up!" in line)
