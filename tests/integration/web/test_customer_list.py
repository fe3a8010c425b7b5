"""The list of customers: found with a reason, filtered, saved, columns chosen, many at once."""

from __future__ import annotations

import json
import re

import pytest

from callcenter.customers.customer import CustomerDraft
from callcenter.services import bulk
from tests.support.web import MARKUP, Browser, World


def told(*conditions: dict[str, object]) -> str:
    return json.dumps({"all": list(conditions)})


VIP = told({"field": "vip", "op": "yes"})


def add(world: World, name: str, **fields: object) -> int:
    runtime = world.runtime
    with runtime.unit_of_work() as uow:
        draft = CustomerDraft(display_name=name, **fields)  # type: ignore[arg-type]
        customer_id = uow.customers.add(draft, [], None, runtime.clock.now())
        uow.commit()
    return customer_id


def ids(text: str) -> set[int]:
    return {int(one) for one in re.findall(r'name="id" value="(\d+)"', text)}


def run_all(world: World) -> None:
    runtime = world.runtime
    while bulk.turn(unit_of_work=runtime.unit_of_work, publisher=runtime.bus, clock=runtime.clock):
        pass


def test_the_list_says_why_somebody_was_found(world: World, operator: Browser) -> None:
    add(world, "Jan Kowalski")
    page = operator.get("/customers?q=ковальский").text
    assert "Jan Kowalski" in page
    assert "Same name, spelled otherwise" in page
    assert "Nearly the same name" in operator.get("/customers?q=kowlaski").text
    palette = operator.get("/palette?q=ковальский").text
    assert "Same name, spelled otherwise" in palette


def test_a_filter_in_the_address_narrows_the_list_and_stands_in_the_builder(
    world: World, operator: Browser
) -> None:
    vip, plain = add(world, "Vera", vip_level=2), add(world, "Paul")
    answer = operator.get("/customers", query_string={"filter": VIP})
    assert vip in ids(answer.text)
    assert plain not in ids(answer.text)
    assert re.search(r'<option value="vip" selected>', answer.text)
    rows = operator.get(
        "/customers", query_string={"filter": VIP}, headers={"HX-Target": "customer-rows"}
    )
    assert "<html" not in rows.text
    count = operator.get("/customers/count", query_string={"filter": VIP}).text
    assert "customer" in count


@pytest.mark.parametrize(
    "wrong",
    ["{", '{"all": [{"field": "nonsense", "op": "is"}]}', '{"x": []}', "[" * 5000, '{"all": 1}'],
)
def test_a_filter_that_cannot_be_asked_is_refused_in_words(operator: Browser, wrong: str) -> None:
    answer = operator.get("/customers", query_string={"filter": wrong})
    assert answer.status_code == 302
    piece = operator.get(
        "/customers", query_string={"filter": wrong}, headers={"HX-Target": "customer-rows"}
    )
    assert piece.status_code == 200
    assert "This filter cannot be asked" in piece.text


def test_every_field_and_operator_has_its_row_in_the_builder(operator: Browser) -> None:
    page = operator.get("/customers/filter/row").text
    for field in re.findall(r'<option value="([a-z_:]+)"', page.split("</select>")[0]):
        row = operator.get(f"/customers/filter/row?field={field}").text
        for op in re.findall(r'<option value="([a-z_]+)"', row.split("</select>")[1]):
            drawn = operator.get(f"/customers/filter/row?field={field}&op={op}")
            assert drawn.status_code == 200
            assert f'value="{op}" selected' in drawn.text
    assert "data-group" in operator.get("/customers/filter/group").text


def test_columns_are_chosen_ordered_and_kept(world: World, operator: Browser) -> None:
    add(world, "Vera")
    chosen = {"column": ["name", "city", "status", "owner"], "up": "status"}
    assert operator.post("/customers/columns", data=chosen).status_code == 302
    page = operator.get("/customers").text
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert head.index("Status") < head.index("City") < head.index("Owner")
    operator.post("/customers/columns", data={"usual": "yes"})
    assert "Organisation" in operator.get("/customers").text.split("<thead>")[1]


def test_the_list_is_sorted_by_what_is_clicked(world: World, operator: Browser) -> None:
    for name in ("Bea", "Ada", "Cyd"):
        add(world, name)
    up, down = (operator.get(f"/customers?sort={sort}").text for sort in ("name", "-name"))
    assert up.index("Ada") < up.index("Bea") < up.index("Cyd")
    assert down.index("Cyd") < down.index("Bea") < down.index("Ada")


def test_a_list_is_saved_as_a_segment_used_and_deleted(world: World, operator: Browser) -> None:
    vip = add(world, "Vera", vip_level=2)
    for frozen in ("", "yes"):
        form = {"name": f"VIP {MARKUP}", "filter": VIP, "frozen": frozen, "shared": "yes"}
        saved = operator.post("/segments", data=form)
        assert "segment=" in saved.headers["Location"]
        page = operator.get(saved.headers["Location"]).text
        assert vip in ids(page)
        assert MARKUP not in page
    listed = operator.get("/segments").text
    assert MARKUP not in listed
    numbers = sorted(set(re.findall(r"/segments/(\d+)/delete", listed)))
    for number in numbers:
        assert operator.post(f"/segments/{number}/delete", data={}).status_code == 302
    assert "No segments yet" in operator.get("/segments").text
    assert operator.get(f"/customers?segment={numbers[0]}").status_code == 404


def test_many_are_changed_after_a_look_and_it_is_undone(world: World, supervisor: Browser) -> None:
    people = [str(add(world, name)) for name in ("Ada", "Bea", "Cyd")]
    form = {"id": people, "kind": "add_tag"}
    assert "3 customers chosen" in supervisor.post("/customers/bulk", data=form).text
    form |= {"value_add_tag": f"Spring {MARKUP}"}
    preview = supervisor.post("/customers/bulk", data=form | {"step": "preview"}).text
    assert "Do it to 3 customers" in preview
    assert MARKUP not in preview
    done = supervisor.post("/customers/bulk", data=form | {"step": "do"})
    assert done.headers["Location"].endswith("/batches")
    run_all(world)
    with world.runtime.reader() as connection:
        tagged = connection.exec_driver_sql("select count(*) from customer_tags").scalar()
        batch = connection.exec_driver_sql("select max(id) from batches").scalar()
    assert tagged == 3
    supervisor.post(f"{done.headers['Location']}/{batch}/undo", data={})
    with world.runtime.reader() as connection:
        assert connection.exec_driver_sql("select count(*) from customer_tags").scalar() == 0


def test_all_of_the_list_may_be_chosen(world: World, supervisor: Browser) -> None:
    for name in ("Ada", "Bea"):
        add(world, name, vip_level=3)
    add(world, "Plain")
    form = {"everybody": "yes", "filter": VIP, "kind": "status"}
    page = supervisor.post("/customers/bulk", data=form).text
    assert re.search(r"[2-9] customers chosen", page)


def test_an_operator_cannot_delete_many(world: World, operator: Browser) -> None:
    form = {"id": [str(add(world, "Ada"))], "kind": "delete", "step": "do"}
    answer = operator.post("/customers/bulk", data=form)
    assert "your role does not allow" in answer.text.lower() or answer.status_code == 403
