"""What screens must hear when it becomes known who a call is from. Publishes nothing itself."""

from __future__ import annotations

from callcenter.accounts.user import endpoints_of
from callcenter.customers.customer import in_order
from callcenter.interactions.stored import StoredInteraction
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.beside import read_beside
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import live_call, screen_pop

_WATCHERS = ("supervisor", "admin")


def messages_of(uow: UnitOfWork, interaction: StoredInteraction, clock: Clock) -> list[Message]:
    """The call anew for whoever sees it, and the pop for each operator who has it open.

    A call that is over is on no screen: nothing to say.
    """
    record = uow.calls.get(interaction.call_id) if interaction.call_id else None
    if record is None or not record.live:
        return []
    ids = [interaction.customer_id] if interaction.customer_id else []
    if interaction.match == "several":
        ids = list(interaction.candidate_ids)
    people = uow.customers.briefs(ids, clock.now().date())
    users_by_endpoint = uow.users.endpoint_map()
    shared = [interaction.number] if interaction.match == "several" else []
    who = read_beside(uow.pops, [record], shared, users_by_endpoint).identified(
        record,
        interaction_id=interaction.id,
        number=interaction.number_raw,
        number_e164=interaction.number,
        match=interaction.match,
        customers=in_order(people[one] for one in ids if one in people),
        explanation={"route": record.route, "match": interaction.explanation.get("match", {})},
    )
    users = sorted(
        {
            users_by_endpoint[leg.endpoint]
            for leg in record.legs
            if leg.endpoint in users_by_endpoint
        }
    )
    call = live_call(record, users_by_endpoint, who).payload()
    messages = [
        Message(
            kind="call",
            audience=Audience(users=tuple(users), roles=_WATCHERS),
            payload={"call": call},
        )
    ]
    for user_id in users:
        user = uow.users.get(user_id)
        devices = endpoints_of(user.endpoint) if user else ()
        pop = screen_pop(record, devices, users_by_endpoint, who)
        if pop.phase != "gone":
            audience = Audience(users=(user_id,))
            messages.append(Message(kind="screen_pop", audience=audience, payload=pop.payload()))
    return messages
