"""`callcenter token …`: keys for programs that use the API."""

from __future__ import annotations

import click

from callcenter.opened import opened


@click.group()
def token() -> None:
    """Manage API tokens."""


@token.command()
@click.argument("username")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help="read, write or ledger; may be given several times; else read and write.",
)
def issue(username: str, name: str, scopes: tuple[str, ...]) -> None:
    """Make an API token that acts for a person. It is shown this once."""
    from callcenter.accounts.tokens import USUAL_SCOPES
    from callcenter.queries import users
    from callcenter.services import accounts

    with opened() as runtime:
        with runtime.reader() as connection:
            user = users.by_username(connection, username)
        if user is None:
            raise click.ClickException(f"There is no user {username}.")
        secret = accounts.issue_token(
            user.id,
            name,
            scopes=scopes or USUAL_SCOPES,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
        )
    click.echo(secret)
