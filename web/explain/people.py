"""What to call the participants of a call: our people by name, the caller by who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from callcenter.calls.record import CallRecord, Leg
from callcenter.queries.views import InteractionView
from web.presentation import number_in_words, phone


@dataclass(frozen=True, slots=True)
class People:
    by_uniqueid: Mapping[str, str] = field(default_factory=dict)
    by_channel: Mapping[str, str] = field(default_factory=dict)
    by_number: Mapping[str, str] = field(default_factory=dict)

    def leg(self, leg: Leg) -> str:
        return self.by_uniqueid.get(leg.uniqueid) or number_in_words(leg.number) or leg.endpoint

    def channel(self, channel: str) -> str:
        """Also of a channel that nobody holds: the name without its serial."""
        return self.by_channel.get(channel) or channel.rpartition("-")[0] or channel

    def place(self, text: str) -> str:
        """Where a call was moved to: a person, else the number."""
        return self.by_channel.get(text) or self.by_number.get(text) or number_in_words(text)


def people_of(interaction: InteractionView, record: CallRecord) -> People:
    users = {leg.uniqueid: leg.user.display_name for leg in interaction.legs if leg.user}
    names = {leg.uniqueid: _name(leg, users, interaction) for leg in record.legs}
    return People(
        by_uniqueid=names,
        by_channel={leg.channel: names[leg.uniqueid] for leg in record.legs},
        by_number={
            leg.number: names[leg.uniqueid]
            for leg in record.legs
            if leg.number and leg.uniqueid in users
        },
    )


def _name(leg: Leg, users: Mapping[str, str], interaction: InteractionView) -> str:
    if leg.uniqueid in users:
        return users[leg.uniqueid]
    outside = leg.role == "caller" if interaction.direction == "inbound" else leg.role == "callee"
    if outside and interaction.direction != "internal":
        return _outside(interaction, leg)
    return number_in_words(leg.name or leg.number) or leg.endpoint


def _outside(interaction: InteractionView, leg: Leg) -> str:
    if interaction.customer is not None:
        return interaction.customer.display_name
    if interaction.match == "withheld":
        return str(_("Hidden number"))
    shown = phone(interaction.number) if interaction.number else number_in_words(leg.number)
    return shown or str(_("Unknown caller"))
