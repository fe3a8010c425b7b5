"""`callcenter user …`: people who log in."""

from __future__ import annotations

import secrets
import sys

import click

from callcenter.accounts.user import UserDraft
from callcenter.opened import opened


@click.group()
def user() -> None:
    """Manage the people who log in."""


@user.command()
@click.argument("username")
@click.option("--role", type=click.Choice(["operator", "supervisor", "admin"]), default="operator")
@click.option("--name", "display_name", default="", help="As colleagues see it.")
@click.option("--endpoint", default="", help="The phone, as the PBX names it: PJSIP/1001.")
@click.option("--extension", default="", help="The number colleagues dial.")
@click.option("--locale", type=click.Choice(["en", "pl", "ru"]), default="en")
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Europe/Warsaw.")
@click.option("--password-stdin", is_flag=True, help="Read it from standard input, else make one.")
def add(username: str, *, password_stdin: bool, **fields: str) -> None:
    """Add a person. Prints the password made for them."""
    from callcenter.services import accounts

    with opened() as runtime:
        given = sys.stdin.readline().rstrip("\n") if password_stdin else ""
        password = given or secrets.token_urlsafe(12)
        draft = UserDraft(username=username, **fields)  # type: ignore[arg-type]  # click checked
        accounts.create_user(
            draft, password, unit_of_work=runtime.unit_of_work, clock=runtime.clock
        )
    click.echo(f"Added {username}." if given else f"Added {username}. Password: {password}")
