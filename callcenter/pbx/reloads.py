"""Which module of Asterisk reads which file anew, and what it must then have. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from callcenter.pbx import parsed
from callcenter.pbx.plan import PbxPlan

# In the order in which they are reloaded: phones and queues are there before the dialplan that
# leads to them, and the manager comes last, since it is what we speak through.
_MODULES = {
    "acl.conf": "acl",
    "pjsip.conf": "res_pjsip.so",
    "voicemail.conf": "app_voicemail.so",
    "musiconhold.conf": "res_musiconhold.so",
    "confbridge.conf": "app_confbridge.so",
    "res_parking.conf": "res_parking.so",
    "features.conf": "features",
    "queues.conf": "app_queue.so",
    "indications.conf": "indications",
    "udptl.conf": "udptl",
    "rtp.conf": "res_rtp_asterisk.so",
    "cdr.conf": "cdr",
    "cel.conf": "cel",
    "logger.conf": "logger",
    "extensions.conf": "pbx_config.so",
    "http.conf": "http",
    "manager.conf": "manager",
}


def modules_for(names: Iterable[str]) -> list[str]:
    changed = set(names)
    return [module for name, module in _MODULES.items() if name in changed]


def need_restart(names: Iterable[str]) -> list[str]:
    """Files that Asterisk reads when it starts, and then no more."""
    return sorted(name for name in names if name not in _MODULES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a PBX has that read these files."""

    endpoints: frozenset[str]
    queues: frozenset[str]
    steps: Mapping[tuple[str, str], tuple[str, ...]]


def wanted(files: Mapping[str, str], plan: PbxPlan) -> Wanted:
    found = parsed.dialplan(files["extensions.conf"])
    return Wanted(
        endpoints=frozenset(parsed.endpoints_of(plan)),
        queues=frozenset(plan.queue_numbers),
        steps={
            (context, extension): tuple(steps)
            for context, extensions in found.contexts.items()
            for extension, steps in extensions.items()
            if steps
        },
    )


def lacks(
    want: Wanted,
    endpoints: Iterable[str],
    queues: Iterable[str],
    steps: Mapping[tuple[str, str], tuple[str, ...]],
) -> list[str]:
    """What the PBX has not, or has otherwise."""
    return [
        *(f"endpoint {name}" for name in sorted(want.endpoints - set(endpoints))),
        *(f"queue {name}" for name in sorted(want.queues - set(queues))),
        *(f"{','.join(place)}" for place, one in want.steps.items() if steps.get(place) != one),
    ]
