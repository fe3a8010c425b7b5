"""`callcenter customer …`: what is done to a customer's card from a terminal."""

from __future__ import annotations

import click

from callcenter.opened import opened


@click.group()
def customer() -> None:
    """Work on customers."""


@customer.command()
@click.argument("customer_id", metavar="ID", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(customer_id: int, *, yes: bool) -> None:
    """Erase a person for good: card, numbers, notes, and their name and number on every call.

    That there were calls stays, without whose they were. This cannot be undone.
    """
    from callcenter.services import erasure

    with opened() as runtime:
        if not runtime.settings.secret_key:
            raise click.ClickException(
                "SECRET_KEY is not set: without the one that the product runs with, it could not "
                "tell that this person was erased."
            )
        if not yes:
            with runtime.unit_of_work() as uow:
                brief = uow.customers.get(customer_id)
            name = brief.display_name if brief is not None else "nobody of that ID"
            click.confirm(f"Erase customer {customer_id} ({name}) for good?", abort=True)
        done = erasure.erase_customer(
            customer_id,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            plan_for=runtime.settings.number_plan_for,
        )
    click.echo(
        f"Erased customer {customer_id}: {done.numbers} numbers, {done.interactions} contacts, "
        f"{done.calls} calls."
    )
