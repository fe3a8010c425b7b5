"""The parts of a PBX's plan as forms show them: one description serves list, form and reading."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from web.pbx_forms import Field, Part, did, group, operator, queue, trunk

_STRATEGIES: Final = (
    ("rrmemory", _l("One after the other, beginning where it ended")),
    ("ringall", _l("All at once")),
    ("leastrecent", _l("Who has not spoken for longest")),
    ("fewestcalls", _l("Who has had the fewest calls")),
    ("random", _l("At random")),
)
_FORWARD_HINT: Final = _l(
    "An extension, or a number outside such as +48600100200. Empty: not sent on."
)

PARTS: Final[dict[str, Part]] = {
    "numbers": Part(
        title=_l("Numbers"),
        one=_l("Number"),
        add=_l("Add number"),
        icon="hash",
        attribute="dids",
        key="number",
        empty=_l(
            "No number leads here yet. Add the numbers that your provider gave you, and say "
            "where each leads."
        ),
        fields=(
            Field(
                name="number",
                label=_l("Number"),
                hint=_l("As people dial it from abroad, such as +48 22 100 00 01."),
            ),
            Field(
                name="title",
                label=_l("Name"),
                hint=_l("What colleagues call this line. It is shown when somebody calls it."),
            ),
            Field(
                name="target",
                label=_l("Leads to"),
                kind="place",
                hint=_l(
                    "Where its callers go when no rule of the CRM says otherwise, and whenever "
                    "the CRM is away."
                ),
            ),
            Field(
                name="calendar",
                label=_l("Business hours"),
                kind="choice",
                hint=_l("Shown beside the number. What happens outside of them, rules say."),
            ),
        ),
        build=did,
    ),
    "phones": Part(
        title=_l("Phones"),
        one=_l("Phone"),
        add=_l("Add phone"),
        icon="phone",
        attribute="operators",
        key="extension",
        empty=_l("No phone yet. Add one for each user who takes calls."),
        fields=(
            Field(
                name="user_id",
                label=_l("Whose"),
                kind="choice",
                fixed=True,
                hint=_l("Their name, language and rights come from their page under Users."),
            ),
            Field(
                name="extension",
                label=_l("Extension"),
                fixed=True,
                hint=_l("What colleagues dial: 2 to 8 digits, such as 1001."),
            ),
            Field(
                name="name",
                label=_l("Name"),
                hint=_l("Only for a phone without a user, such as one in a meeting room."),
            ),
            Field(
                name="queues",
                label=_l("Member of"),
                kind="queues",
                hint=_l("While nobody has a queue's skill, these phones are its members."),
            ),
            Field(name="ring_seconds", label=_l("Rings for, in seconds"), kind="number"),
            Field(
                name="desk_phones",
                label=_l("Desk phones"),
                kind="number",
                hint=_l("How many may sign in under this extension: all of them ring."),
            ),
            Field(name="mailbox", label=_l("Has a mailbox"), kind="check"),
            Field(
                name="forward_always",
                label=_l("Sends every call on to"),
                hint=_FORWARD_HINT,
                heading=_l("Calls that are not taken"),
            ),
            Field(name="forward_busy", label=_l("When busy, on to")),
            Field(name="forward_no_answer", label=_l("When nobody answers, on to")),
        ),
        build=operator,
    ),
    "queues": Part(
        title=_l("Queues"),
        one=_l("Queue"),
        add=_l("Add queue"),
        icon="users",
        attribute="queues",
        key="name",
        empty=_l("No queue yet."),
        fields=(
            Field(
                name="name",
                label=_l("Name"),
                fixed=True,
                hint=_l(
                    "A word for rules and reports: small Latin letters, digits and dashes. Its "
                    "title for people is set under Queues."
                ),
            ),
            Field(
                name="number",
                label=_l("Number"),
                hint=_l("What phones dial to reach it, such as 861."),
            ),
            Field(
                name="members",
                label=_l("Members"),
                kind="extensions",
                hint=_l(
                    "As soon as somebody has the queue's skill, those who have it are its "
                    "members instead."
                ),
            ),
            Field(name="strategy", label=_l("Who rings"), kind="choice", choices=_STRATEGIES),
            Field(name="ring_seconds", label=_l("Each rings for, in seconds"), kind="number"),
            Field(name="wait_seconds", label=_l("Longest wait, in seconds"), kind="number"),
            Field(
                name="weight",
                label=_l("Weight"),
                kind="number",
                hint=_l("Who is member of two queues gets the caller of the heavier one first."),
            ),
            Field(
                name="wrapup_seconds",
                label=_l("Left alone after a call, in seconds"),
                kind="number",
                hint=_l(
                    "Keep 2: the time that the CRM needs to note the wrap-up, whose length is "
                    "set under Queues."
                ),
            ),
            Field(
                name="join_empty",
                label=_l("Takes callers in while nobody could answer"),
                kind="check",
                heading=_l("When nobody is there"),
            ),
            Field(
                name="leave_when_empty",
                label=_l("Sends them on when the last one leaves"),
                kind="check",
            ),
            Field(
                name="overflow",
                label=_l("Whose wait is over goes to"),
                kind="place",
                hint=_l("Nothing: they hear that nobody is free, and the call ends."),
            ),
            Field(name="keys", label=_l("Keys that who waits may press"), kind="keys"),
        ),
        build=queue,
    ),
    "groups": Part(
        title=_l("Groups"),
        one=_l("Group"),
        add=_l("Add group"),
        icon="users-group",
        attribute="groups",
        key="number",
        empty=_l(
            "No group. A group is several phones under one extension, without waiting and "
            "without figures."
        ),
        fields=(
            Field(name="number", label=_l("Extension"), fixed=True),
            Field(name="members", label=_l("Phones"), kind="extensions"),
            Field(
                name="strategy",
                label=_l("Who rings"),
                kind="choice",
                choices=(("ringall", _l("All at once")), ("linear", _l("One after the other"))),
            ),
            Field(name="ring_seconds", label=_l("Rings for, in seconds"), kind="number"),
            Field(name="overflow", label=_l("Then to"), kind="place"),
        ),
        build=group,
    ),
    "trunks": Part(
        title=_l("Trunks"),
        one=_l("Trunk"),
        add=_l("Add trunk"),
        icon="plug-connected",
        attribute="trunks",
        key="name",
        empty=_l("No trunk."),
        fields=(
            Field(
                name="name",
                label=_l("Name"),
                fixed=True,
                hint=_l(
                    "TRUNKS of the CRM must cover it: the usual PJSIP/trunk* covers trunk, "
                    "trunk-ru and so on."
                ),
            ),
            Field(
                name="host",
                label=_l("Address"),
                hint=_l("Where calls to the network go: the provider's name or IP address."),
            ),
            Field(name="port", label=_l("Port"), kind="number"),
            Field(
                name="match",
                label=_l("Calls come from"),
                kind="lines",
                hint=_l(
                    "IP addresses or networks of the provider. A call from any other address is "
                    "refused. Empty: the address above."
                ),
            ),
            Field(
                name="region",
                label=_l("Country"),
                hint=_l(
                    "Whose way of writing numbers the provider uses, such as PL. "
                    "Empty: the plan's. Name it in TRUNKS as well: PJSIP/NAME=PL."
                ),
            ),
            Field(
                name="user",
                heading=_l("Account at the provider"),
                label=_l("User name"),
                hint=_l("Empty: the provider knows us by our address."),
            ),
            Field(
                name="secret",
                label=_l("Password"),
                kind="password",
                hint=_l("Left empty, it stays as it is. It is shown nowhere."),
            ),
            Field(
                name="registers",
                label=_l("Sign in at the provider"),
                kind="check",
                hint=_l("For providers that send calls to who has signed in (registered)."),
            ),
            Field(
                name="outbound",
                heading=_l("Calls out"),
                label=_l("Calls may go out by it"),
                kind="check",
                hint=_l("By the first trunk of the list that takes the call."),
            ),
            Field(
                name="watched",
                label=_l("Ask it every half minute whether it is there"),
                kind="check",
                hint=_l(
                    "A trunk that is away is then passed over at once, and not after half a minute "
                    "of silence. The provider must answer SIP OPTIONS."
                ),
            ),
        ),
        build=trunk,
    ),
}
