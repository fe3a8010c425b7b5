"""/users: people who log in. For administrators."""

from __future__ import annotations

from flask import Response

from callcenter.accounts.user import UserDraft
from callcenter.queries import users as queries
from callcenter.services import accounts as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.lists import page_of
from web.api.operation import ADMINS, area, operation
from web.api.problems import not_found
from web.api.shapes import people as shapes

api = area("users", "/users", "People who log in.")


@operation(api, "get", "", shapes.UserPage, roles=ADMINS)
def list_users(query: PageQuery) -> Response:
    """Everybody, in the order they were added"""
    with the_runtime().reader() as connection:
        users = queries.all(connection)
    return answer(shapes.UserPage, page_of(users, lambda user: user.id, query))


@operation(api, "get", "/<user_id>", shapes.User, roles=ADMINS)
def get_user(path: shapes.UserPath) -> Response:
    """One user"""
    return _user(path.user_id)


@operation(api, "post", "", shapes.User, roles=ADMINS, status=201)
@idempotent
def create_user(body: shapes.UserNew) -> Response:
    """A new user"""
    runtime = the_runtime()
    draft = UserDraft(**body.model_dump(exclude={"password"}))
    user_id = services.create_user(
        draft,
        body.password,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        user_id=the_caller().user_id,
    )
    return _user(user_id, status=201)


def _user(user_id: int, status: int = 200) -> Response:
    with the_runtime().reader() as connection:
        user = queries.by_id(connection, user_id)
    if user is None:
        raise not_found(f"user {user_id}")
    return answer(shapes.User, user, status=status)
