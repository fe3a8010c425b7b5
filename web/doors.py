"""Which right every door asks for: each endpoint of pages and API with an object and an action.

One table for the guards and for the test that tries every role at every door. An endpoint that is
not here yet is still held by the rule of ids: whoever names a record in the path must be able to
read it. `None` says on purpose that no record of the customer base is behind a door; who may come
in there says `@allow` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal

from sqlalchemy import Connection

from callcenter.queries import visibility
from callcenter.rights.objects import Action, Object
from callcenter.rights.viewer import Viewer

Right = tuple[Object, Action]
Answer = Literal["open", "forbidden", "missing"]

KEYS: dict[str, Object] = {
    "customer_id": "customer",
    "organization_id": "organization",
    "interaction_id": "interaction",
    "conversation_id": "conversation",
    "deal_id": "deal",
    "task_id": "task",
    "callback_id": "callback",
    "voicemail_id": "voicemail",
}
"""Names in a path that are ids of records with an owner."""

_NOTHING = (
    "chat.demo chat.download chat.end chat.frame chat.identify chat.news chat.script chat.typing "
    "chat.upload chat.visit chat.write "
    "agents.done agents.more agents.rows agents.state agents.team "
    "api_v1.agents.change_agent api_v1.agents.list_agents api_v1.nothing_here "
    "api_v1.openapi_json api_v1.queues.list_queues assets.file calls.control calls.dial "
    "api_v1.calls.place_call desk.goals desk.idle desk.page desk.see_missed healthz readyz metrics "
    "line.call_for_help line.come line.conversation line.panel line.put_away line.read line.write "
    "login.enter login.form login.home login.language login.leave login.state "
    "phone.device phone.dial phone.end_lease phone.lease phone.mine phone.quality phone.sign "
    "phone.targets wall.page profile.end_sessions profile.page profile.password profile.save "
    "pwa.offline pwa.service_worker pwa.web_manifest recordings.pause recordings.paused "
    "sms_gateway.receive survey_answer.form survey_answer.answer "
    "history.batches history.undo api_v1.batches.list_batches api_v1.batches.undo_batch "
    "recordings.resume palette.results palette.people rights.reveal"
)
"""Doors without records: the operator's own state and phone, messages among colleagues, the frame.
The palette finds pages as well; customers in it are found under the right to read them."""

_BY_RIGHT: dict[Right, str] = {
    ("customer", "read"): (
        "api_v1.consents.list_consents api_v1.tags.list_tags api_v1.fields.list_fields "
        "consents.of_customer pins.of_customer first_contacts.page first_contacts.known "
        "privacy.of_customer "
        "customers.page customers.card customers.facts customers.columns customers.count "
        "customers.filter_group customers.filter_row api_v1.customers.list_customers "
        "api_v1.customers.get_customer api_v1.customers.find_customers_by_phone"
    ),
    ("customer", "create"): "customers.new customers.create api_v1.customers.create_customer",
    ("customer", "change"): (
        "api_v1.consents.add_consent api_v1.tags.create_tag "
        "consents.add pins.save pins.unlock pins.remove "
        "first_contacts.confirm first_contacts.link "
        "customers.edit customers.save customers.save_fact customers.note customers.bulk_form "
        "api_v1.customers.change_customer"
    ),
    ("organization", "read"): (
        "organizations.page organizations.card organizations.names "
        "api_v1.organizations.get_organization api_v1.organizations.list_organizations"
    ),
    ("customer", "delete"): "customers.delete api_v1.customers.delete_customer",
    ("organization", "create"): (
        "organizations.new organizations.create api_v1.organizations.create_organization"
    ),
    ("organization", "change"): (
        "organizations.edit organizations.save api_v1.organizations.change_organization"
    ),
    ("organization", "delete"): ("organizations.delete api_v1.organizations.delete_organization"),
    ("file", "read"): (
        "files.of_customer files.download api_v1.files.list_customer_files "
        "api_v1.files.get_file api_v1.files.get_file_content"
    ),
    ("file", "create"): "files.upload api_v1.files.add_customer_file",
    ("file", "delete"): "files.delete files.restore api_v1.files.delete_file",
    ("interaction", "read"): (
        "interactions.page interactions.one explain.page explain.download live.page "
        "live.default_way_today missed.page "
        "missed.desk timeline.of_customer "
        "missed.history desk.call outcomes.desk scripts.desk "
        "api_v1.interactions.list_interactions api_v1.interactions.get_interaction "
        "api_v1.interactions.get_recording api_v1.interactions.explain_interaction "
        "api_v1.customers.get_customer_timeline "
        "api_v1.calls.get_call api_v1.calls.list_live_calls"
    ),
    ("interaction", "change"): (
        "interactions.choose interactions.note outcomes.give outcomes.draft scripts.answer "
        "scripts.back missed.act api_v1.interactions.link_interaction "
        "api_v1.interactions.save_interaction_note"
    ),
    ("conversation", "read"): (
        "chats.messages chats.card chats.reply "
        "conversations.page conversations.one conversations.messages conversations.template "
        "conversations.count_segments api_v1.conversations.list_conversations "
        "api_v1.conversations.get_conversation api_v1.conversations.list_messages"
    ),
    ("conversation", "create"): (
        "conversations.new conversations.create api_v1.conversations.begin_conversation"
    ),
    ("conversation", "change"): (
        "chats.act chats.write chats.note chats.upload chats.transfer chats.transfer_form "
        "conversations.reply conversations.act api_v1.conversations.change_conversation "
        "api_v1.conversations.write_message"
    ),
    ("interaction", "create"): "timeline.meeting api_v1.interactions.log_interaction",
    ("recording", "read"): "recordings.of recordings.players recordings.peaks recordings.sound",
    ("customer", "export"): "privacy.export privacy.take",
    ("customer", "erase"): "privacy.erase privacy.hold",
    ("account", "read"): (
        "trade.of_customer trade.figures api_v1.orders.list_orders api_v1.orders.get_order "
        "api_v1.invoices.list_invoices api_v1.invoices.get_invoice "
        "api_v1.payments.list_payments api_v1.payments.get_payment "
        "api_v1.visits.list_visits api_v1.visits.get_visit"
    ),
    ("account", "create"): (
        "trade.add api_v1.orders.save_order api_v1.invoices.save_invoice "
        "api_v1.payments.save_payment api_v1.visits.save_visit"
    ),
    ("account", "change"): (
        "api_v1.orders.change_order api_v1.invoices.change_invoice "
        "api_v1.payments.change_payment api_v1.visits.change_visit"
    ),
    ("account", "delete"): (
        "trade.cancel api_v1.orders.cancel_order api_v1.invoices.cancel_invoice "
        "api_v1.payments.cancel_payment api_v1.visits.cancel_visit"
    ),
    ("history", "read"): "history.page api_v1.history.get_customer_history",
    ("history", "change"): "history.recent history.restore history.restore_deleted",
    ("duplicate", "read"): (
        "duplicates.page duplicates.compare duplicates.banner duplicates.likely "
        "api_v1.duplicates.list_duplicates api_v1.duplicates.find_likely_duplicates"
    ),
    ("duplicate", "change"): (
        "duplicates.decide duplicates.search api_v1.duplicates.decide_duplicate"
    ),
    ("customer", "merge"): (
        "duplicates.merge duplicates.unmerge api_v1.history.merge_customer "
        "api_v1.history.unmerge_customer"
    ),
    ("import", "read"): (
        "imports.page imports.one imports.progress imports.errors imports.remove "
        "api_v1.imports.list_imports api_v1.imports.get_import api_v1.imports.list_import_errors"
    ),
    ("import", "create"): (
        "imports.upload imports.plan imports.start imports.step api_v1.imports.send_import "
        "api_v1.imports.change_import api_v1.imports.pause_import api_v1.imports.resume_import "
        "api_v1.imports.start_import api_v1.imports.undo_import"
    ),
    ("export", "read"): (
        "reports.files exports.page exports.rows exports.file api_v1.exports.list_exports "
        "api_v1.exports.get_export api_v1.exports.get_export_content"
    ),
    ("export", "create"): (
        "exports.ask exports.cancel reports.export "
        "api_v1.exports.ask_export api_v1.exports.cancel_export"
    ),
    ("segment", "read"): (
        "segments.page api_v1.segments.list_segments api_v1.segments.get_segment "
        "api_v1.segments.list_segment_fields api_v1.segments.list_segment_members"
    ),
    ("segment", "create"): "segments.save api_v1.segments.create_segment",
    ("segment", "change"): "segments.change",
    ("segment", "delete"): "segments.delete api_v1.segments.delete_segment",
    ("webhook", "read"): (
        "webhooks.page webhooks.one webhooks.new webhooks.edit api_v1.webhooks.list_webhooks "
        "api_v1.webhooks.get_webhook api_v1.webhooks.list_deliveries"
    ),
    ("webhook", "create"): "webhooks.create api_v1.webhooks.create_webhook",
    ("webhook", "change"): (
        "webhooks.again webhooks.ping webhooks.renew_secret webhooks.save webhooks.set_active "
        "webhooks.revoke_token api_v1.webhooks.change_webhook api_v1.webhooks.ping_webhook "
        "api_v1.webhooks.send_delivery_again api_v1.webhooks.send_failed_again"
    ),
    ("pbx", "read"): (
        "pbx_plan.page pbx_plan.overview pbx_plan.items pbx_plan.new pbx_plan.one "
        "pbx_plan.general pbx_plan.files pbx_plan.file pbx_plan.applied pbx_plan.progress"
    ),
    ("pbx", "change"): (
        "pbx_plan.begin pbx_plan.take_staff pbx_plan.create pbx_plan.save pbx_plan.remove "
        "pbx_plan.password pbx_plan.save_general pbx_plan.apply pbx_plan.export"
    ),
    ("webhook", "delete"): "webhooks.delete api_v1.webhooks.delete_webhook",
    ("deal", "read"): "deals.of_customer api_v1.deals.list_deals api_v1.deals.get_deal",
    ("deal", "create"): "deals.add api_v1.deals.create_deal",
    ("deal", "change"): "deals.change api_v1.deals.change_deal",
    ("task", "read"): (
        "tasks.page tasks.desk tasks.one task_calendar.page api_v1.tasks.list_tasks "
        "api_v1.tasks.get_task"
    ),
    ("task", "create"): "tasks.new tasks.create api_v1.tasks.create_task",
    ("task", "change"): "tasks.save tasks.act tasks.remind api_v1.tasks.change_task",
    ("report", "read"): (
        "reports.page reports.one reports.contacts reports.menus reports.menu_contacts "
        "api_v1.reports.list_reports api_v1.reports.get_report "
        "api_v1.reports.list_report_contacts"
    ),
    ("wallboard", "read"): "wallboard.page wallboard.everything wallboard.board",
    ("wallboard", "change"): (
        "wallboard.boards wallboard.new wallboard.create wallboard.edit wallboard.save "
        "wallboard.check wallboard.delete wallboard.walls wallboard.open_wall wallboard.revoke_wall"
    ),
    ("report", "create"): (
        "reports.keep_view reports.drop_view report_schedules.page report_schedules.new "
        "report_schedules.create report_schedules.one report_schedules.save "
        "report_schedules.delete report_schedules.send"
    ),
    ("alert", "read"): ("alerts.page alerts.standing alerts.acknowledge alerts.send_again"),
    ("alert", "change"): (
        "thresholds.page thresholds.new thresholds.create thresholds.edit thresholds.save "
        "thresholds.switch thresholds.delete thresholds.set_goal thresholds.drop_goal "
        "thresholds.show_goals"
    ),
    ("survey", "read"): "surveys.page surveys.one surveys.mine",
    ("survey", "change"): (
        "surveys.new surveys.create surveys.edit surveys.save surveys.switch surveys.delete"
    ),
    ("quality", "read"): (
        "assessments.mine assessments.one assessments.respond assessments.of_contact "
        "api_v1.assessments.list_assessments api_v1.assessments.get_assessment"
    ),
    ("quality", "create"): (
        "assessments.page assessments.draw assessments.set_aside assessments.listed "
        "assessments.trend assessments.begin assessments.answer assessments.comment "
        "assessments.finish assessments.discard calibrations.page calibrations.one "
        "calibrations.take_part api_v1.score_cards.list_score_cards "
        "api_v1.score_cards.get_score_card"
    ),
    ("quality", "change"): (
        "assessments.close assessments.reopen calibrations.begin calibrations.close "
        "score_cards.page "
        "score_cards.new score_cards.create score_cards.one score_cards.save score_cards.delete "
        "score_cards.draw"
    ),
    ("callback", "read"): (
        "callback_requests.page api_v1.callbacks.list_callbacks api_v1.callbacks.get_callback"
    ),
    ("callback", "change"): "callback_requests.act api_v1.callbacks.change_callback",
    ("voicemail", "read"): (
        "voicemails.page voicemails.sound api_v1.voicemails.list_voicemails "
        "api_v1.voicemails.get_voicemail"
    ),
    ("voicemail", "change"): "voicemails.act api_v1.voicemails.change_voicemail",
    ("token", "create"): "profile.issue_token",
    ("token", "delete"): "profile.revoke_token",
    ("routing", "read"): (
        "route_trial.page route_trial.diff route_trial.one route_trial.calls route_trial.both "
        "menus.page menus.one menus.room prompts.page prompts.one prompts.sound "
        "hours.page hours.new hours.one hours.week routing.page routing.new routing.one "
        "routing.check routing.versions routing.version api_v1.routing.get_routing "
        "api_v1.routing.get_routing_draft api_v1.routing.list_routing_versions "
        "api_v1.routing.get_routing_version"
    ),
    ("routing", "change"): (
        "route_trial.begin hours.create hours.save hours.keep_holiday hours.set_day "
        "hours.remove_day hours.delete "
        "menus.create menus.save menus.save_room menus.remove_room menus.publish menus.drop "
        "menus.take_up menus.remove prompts.create prompts.save prompts.remove prompts.upload "
        "prompts.take_away prompts.record "
        "routing.create routing.save routing.move routing.set_active routing.remove "
        "routing.publish routing.discard routing.take_over routing.roll_back "
        "api_v1.routing.put_routing_draft api_v1.routing.discard_routing_draft "
        "api_v1.routing.publish_routing_draft "
        "hours.close hours.reopen"
    ),
    ("supervision", "listen"): (
        "supervision.step_in supervision.step_out supervision.ways supervision.page"
    ),
    ("supervision", "direct"): (
        "supervision.pull supervision.first agents.force agents.move agents.move_back"
    ),
    ("settings", "read"): (
        "chat_widgets.page chat_widgets.new chat_widgets.one "
        "fields.page fields.new fields.edit reply_templates.page "
        "settings.page privacy.page archive.page archive.months "
        "users.page users.new users.edit users.ask_password outbound.page pbx.page ledger.page "
        "outcomes.page scripts.page scripts.new scripts.edit scripts.export staffing.pauses "
        "staffing_plan.page staffing_plan.as_csv "
        "staffing.queue staffing.queues staffing.skills api_v1.users.list_users "
        "api_v1.users.get_user roles.page roles.one teams.page teams.new "
        "teams.one"
    ),
    ("settings", "change"): (
        "supervision.save chat_widgets.create chat_widgets.save "
        "archive.save archive.move archive.restore archive.harmed "
        "pin_guard.lift "
        "privacy.save api_v1.tags.change_tag api_v1.tags.delete_tag "
        "api_v1.fields.create_field api_v1.fields.change_field "
        "fields.create fields.save fields.set_active fields.move fields.add_tag fields.change_tag "
        "reply_templates.save reply_templates.delete "
        "users.create users.save users.new_password users.set_active outbound.save outcomes.add "
        "outcomes.change outcomes.move outcomes.set_active scripts.create scripts.save "
        "staffing_plan.save "
        "staffing.save_pause staffing.save_queue staffing.set_skill api_v1.users.create_user "
        "api_v1.ledger.send_ledger api_v1.ledger.get_ledger_position roles.save roles.copy "
        "roles.delete teams.save teams.create teams.delete"
    ),
}

DOORS: dict[str, Right | None] = {
    **dict.fromkeys(_NOTHING.split()),
    **{name: right for right, names in _BY_RIGHT.items() for name in names.split()},
}


def answer_to(
    reading: Callable[[], AbstractContextManager[Connection]],
    viewer: Viewer,
    endpoint: str,
    named: Mapping[str, Any],
) -> Answer:
    """What stands behind the door is open to this viewer, refused, or does not exist for them.

    `reading` opens the database, which is asked only about those whose rights have a limit.
    """
    right = DOORS.get(endpoint)
    if right is not None and not viewer.may(*right):
        return "forbidden"
    asked = [(thing, found) for key, thing in KEYS.items() if (found := _id(named.get(key)))]
    wanted = [(thing, _action(thing, right), record_id) for thing, record_id in asked]
    if all(viewer.scope(thing, one) == "all" for thing, act, _ in wanted for one in ("read", act)):
        return "open"
    with reading() as connection:
        for thing, action, record_id in wanted:
            if not visibility.reaches(connection, viewer, thing, "read", record_id):
                return "missing"
            if not visibility.reaches(connection, viewer, thing, action, record_id):
                known = visibility.is_there(connection, thing, record_id)
                return "forbidden" if known else "missing"
    return "open"


def _action(thing: Object, right: Right | None) -> Action:
    """What is done with the record that the path names."""
    return right[1] if right is not None and right[0] == thing else "read"


def _id(value: object) -> int | None:
    text = str(value) if value is not None else ""
    return int(text) if text.isdecimal() and len(text) <= 18 else None
