"""Six customers, each different from the others in something; for whom of them a filter holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from callcenter.queries import customer_list, segments
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.segments.columns import Sort
from callcenter.segments.segment import SegmentDraft
from callcenter.segments.tree import parse
from callcenter.services import segments as services
from callcenter.store import tables
from tests.support.store import NOW, TODAY, Store


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    """Each of them differs from the others in something."""
    boss = store.add_user("boss", "")
    ids = {
        "Anna": store.add_customer(
            "Anna", "+48221000001", vip_level=2, city="Kraków", language="pl"
        ),
        "Bolek": store.add_customer("Bolek", blocked=True, city="Łódź", owner_id=boss),
        "Cecylia": store.add_customer("Cecylia", firm="Tartak", city="Kraśnik"),
        "Dorota": store.add_customer("Dorota", confirmed=False),
        "Edward": store.add_customer("Edward", "+79160000001"),
        "Filip": store.add_customer("Filip"),
    }
    with store.engine.begin() as connection:
        run = connection.execute
        run(insert(tables.tags), [{"id": 900, "name": "Fair", "tag_key": "fair"}])
        run(insert(tables.customer_tags).values(customer_id=ids["Anna"], tag_id=900))
        run(
            insert(tables.contact_points).values(
                customer_id=ids["Bolek"], kind="email", value="B@x.pl", value_key="b@x.pl"
            )
        )
        run(
            insert(tables.consents),
            [
                {"customer_id": ids["Anna"], "channel": "email", "given": True, "at": NOW},
                {
                    "customer_id": ids["Anna"],
                    "channel": "email",
                    "given": False,
                    "at": NOW + timedelta(days=1),
                },
                {"customer_id": ids["Bolek"], "channel": "email", "given": True, "at": NOW},
            ],
        )
        run(
            insert(tables.customer_figures),
            [
                _figures(ids["Anna"], lifetime_minor=500, abc="A", last_talk_at=NOW),
                _figures(ids["Bolek"], last_talk_at=NOW - timedelta(days=40), overdue_minor=70),
            ],
        )
        run(
            insert(tables.custom_fields),
            [
                {"id": 901, "object": "customer", "key": "code", "label": "Code", "kind": "text"},
                {"id": 902, "object": "customer", "key": "score", "label": "S", "kind": "number"},
                {"id": 903, "object": "customer", "key": "ends", "label": "E", "kind": "date"},
            ],
        )
        run(
            insert(tables.custom_values),
            [
                {"object_id": ids["Cecylia"], "field_id": 901, "text": "UM-1", "number": None}
                | {"day": None},
                {"object_id": ids["Dorota"], "field_id": 902, "text": "", "number": 12_500_000}
                | {"day": None},
                {"object_id": ids["Edward"], "field_id": 903, "text": "", "number": None}
                | {"day": TODAY},
            ],
        )
        run(insert(tables.interactions), [_missed(ids["Edward"], n) for n in range(3)])
        run(insert(tables.interactions), [_missed(ids["Filip"], 20 + n) for n in range(3)])
        run(
            insert(tables.outcomes),
            [{"id": 900 + n, "label": f"O{n}", "labels": {}, "requires": []} for n in range(1, 3)],
        )
        contacts = run(
            text("select id from interactions where customer_id = :id order by started_at"),
            {"id": ids["Edward"]},
        ).scalars()
        run(
            insert(tables.interaction_outcomes),
            [
                {"interaction_id": one, "outcome_id": 901 + (n > 0), "user_id": boss}
                | {"at": NOW, "details": {}}
                for n, one in enumerate(contacts)
            ],
        )
    return ids


def _figures(customer_id: int, **values: object) -> dict[str, object]:
    usual: dict[str, object] = {"lifetime_minor": 0, "overdue_minor": 0, "abc": ""}
    usual |= {"last_talk_at": None}
    return {"customer_id": customer_id, "updated_at": NOW} | usual | values


def _missed(customer_id: int, days: int) -> dict[str, object]:
    return {
        "direction": "inbound",
        "result": "missed",
        "number": "",
        "customer_id": customer_id,
        "match": "one",
        "started_at": NOW - timedelta(days=days),
        "explanation": {},
        "created_at": NOW,
        "updated_at": NOW,
        "talk_seconds": 0,
        "hold_seconds": 0,
    } | dict.fromkeys(("number_raw", "number_kind", "dialed", "queue"), "")


def held(store: Store, told: dict[str, Any], viewer: Viewer = EVERYTHING) -> str:
    """The first letters of whom it holds for."""
    with store.engine.connect() as connection:
        group = parse(told, segments.fields_for(connection, viewer))
        context = segments.context_for(connection, viewer, group, NOW, TODAY)
        listed = customer_list.listed(context, viewer, group, Sort(), None, 50)
        assert customer_list.count(context, viewer, group) == len(listed.ids)
        assert customer_list.counted(context, viewer, group) == (len(listed.ids), True)
    return "".join(one.display_name[0] for one in listed.page.items)


def one(field: str, op: str, value: Any = None) -> dict[str, Any]:
    told = {"field": field, "op": op}
    return {"all": [told if value is None else {**told, "value": value}]}


def save(store: Store, user_id: int, told: dict[str, Any], **more: Any) -> int:
    draft = SegmentDraft(
        name="Mine", filter=told, **{k: v for k, v in more.items() if k != "members"}
    )
    return services.create(
        draft,
        user_id=user_id,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        members=more.get("members", ()),
    )
