"""`callcenter pbx …`: between us and a PBX. `check` comes from the manager's door."""

from __future__ import annotations

import click

from callcenter.cli import LazyGroup

_OWN = {
    "render": "callcenter.pbx.commands:render",
    "adopt": "callcenter.commands.pbx_stored:adopt",
}


@click.group(cls=LazyGroup, prefix="pbx-", own=_OWN)
def pbx() -> None:
    """Configure and check a PBX."""
