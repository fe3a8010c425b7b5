"""What the use cases of conversations are handed, put together from the built product."""

from __future__ import annotations

from callcenter.runtime import Runtime
from callcenter.services.conversations import Room
from callcenter.services.sending import Outbox


def room_of(runtime: Runtime) -> Room:
    """What the use cases of conversations need, from the built product."""
    settings = runtime.settings
    return Room(
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
        key=settings.secret_key,
        plan=settings.number_plan,
        mail_from=settings.mail_from if settings.mail_server is not None else "",
        sms_from=settings.sms_from if settings.sms is not None else "",
    )


def outbox_of(runtime: Runtime) -> Outbox:
    return Outbox(
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
        files=runtime.files,
    )
