"""/segments: saved conditions on customers, and who is in them."""

from __future__ import annotations

from flask import Response

from callcenter.queries import customer_list
from callcenter.queries import segments as queries
from callcenter.queries.segments import SegmentView
from callcenter.rights.viewer import Viewer
from callcenter.segments.columns import Sort
from callcenter.segments.segment import SegmentDraft
from callcenter.services import segments as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import segments as shapes
from web.api.shapes.customers import CustomerPage, Deleted

api = area("segments", "/segments", "Saved conditions on customers: live or frozen.")
_PART = 5_000
_MOST = 1_000_000


@operation(api, "get", "", shapes.SegmentPage)
def list_segments(query: PageQuery) -> Response:
    """One's own segments and those that are shared"""
    with the_runtime().reader() as connection:
        page = queries.page(connection, the_viewer(), query.cursor, query.limit)
    return answer(shapes.SegmentPage, page)


@operation(api, "get", "/fields", shapes.FieldList)
def list_segment_fields() -> Response:
    """The fields that a filter may speak of"""
    with the_runtime().reader() as connection:
        fields = queries.fields_for(connection, the_viewer())
    items = [
        {
            "key": one.key,
            "kind": one.kind,
            "operators": list(one.asked),
            "choices": list(one.choices),
        }
        for one in fields.values()
    ]
    return answer(shapes.FieldList, {"items": items})


@operation(api, "get", "/<segment_id>", shapes.Segment)
def get_segment(path: shapes.SegmentPath) -> Response:
    """One segment"""
    return answer(shapes.Segment, _segment(path.segment_id, the_viewer()))


@operation(api, "get", "/<segment_id>/members", CustomerPage)
def list_segment_members(path: shapes.SegmentPath, query: shapes.MembersQuery) -> Response:
    """Who is in it

    Of a frozen segment by id, of a live one by name.
    """
    viewer = the_viewer()
    segment = _segment(path.segment_id, viewer)
    with the_runtime().reader() as connection:
        if segment.frozen:
            page = queries.members(
                connection, segment.id, viewer, today(), cursor=query.cursor, limit=query.limit
            )
        else:
            group = queries.filter_of(connection, viewer, segment)
            now = the_runtime().clock.now()
            context = queries.context_for(connection, viewer, group, now, today())
            page = customer_list.listed(
                context, viewer, group, Sort(), query.cursor, query.limit
            ).page
    return answer(CustomerPage, page)


@operation(api, "post", "", shapes.Segment, status=201)
@idempotent
def create_segment(body: shapes.SegmentNew) -> Response:
    """Save a filter; with `frozen`, whoever it holds for now"""
    runtime, viewer = the_runtime(), the_viewer()
    with runtime.reader() as connection:
        group = queries.read_filter(connection, viewer, body.filter)
        members: list[int] = []
        if body.frozen:
            context = queries.context_for(connection, viewer, group, runtime.clock.now(), today())
            more = True
            while more and len(members) < _MOST:
                last = members[-1] if members else 0
                part = customer_list.ids(context, viewer, group, last, _PART)
                members += part
                more = len(part) == _PART
    draft = SegmentDraft(
        name=body.name, filter=group.as_json(), frozen=body.frozen, shared=body.shared
    )
    segment_id = services.create(
        draft,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        members=members,
    )
    return answer(shapes.Segment, _segment(segment_id, viewer), status=201)


@operation(api, "delete", "/<segment_id>", Deleted)
def delete_segment(path: shapes.SegmentPath) -> Response:
    """Forget a segment; its customers stay"""
    runtime = the_runtime()
    services.delete(
        path.segment_id,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return answer(Deleted, {"id": path.segment_id, "deleted": True})


def _segment(segment_id: int, viewer: Viewer) -> SegmentView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, segment_id, viewer)
    if found is None:
        raise not_found(f"segment {segment_id}")
    return found
