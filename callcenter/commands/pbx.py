"""`callcenter pbx …`: between us and a PBX. `check` comes from the manager's door."""

from __future__ import annotations

import click

from callcenter.cli import LazyGroup


@click.group(cls=LazyGroup, prefix="pbx-", own={"render": "callcenter.pbx.commands:render"})
def pbx() -> None:
    """Configure and check a PBX."""
