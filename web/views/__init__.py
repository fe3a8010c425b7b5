"""The pages: one blueprint per area. Views parse, ask a query or a service, and render."""

from __future__ import annotations

from flask import Blueprint

from web.views.agents import agents
from web.views.alerts import alerts
from web.views.archive import archive
from web.views.assessments import assessments
from web.views.calibrations import calibrations
from web.views.callback_requests import callback_requests
from web.views.calls import calls
from web.views.chat_widgets import chat_widgets
from web.views.chats import chats
from web.views.consents import consents
from web.views.conversations import conversations
from web.views.customer_list import customers
from web.views.deals import deals
from web.views.desk import desk
from web.views.duplicates import duplicates
from web.views.explain import explain
from web.views.exports import exports
from web.views.fields import fields
from web.views.files import files
from web.views.first_contacts import first_contacts
from web.views.history import history
from web.views.hours import hours
from web.views.imports import imports
from web.views.interactions import interactions
from web.views.ledger import ledger
from web.views.line import line
from web.views.live import live
from web.views.login import login
from web.views.menus import menus
from web.views.missed import missed
from web.views.organizations import organizations
from web.views.outbound import outbound
from web.views.outcomes import outcomes
from web.views.palette import palette
from web.views.pbx import pbx
from web.views.pbx_files import pbx_plan
from web.views.phone import phone
from web.views.pin_guard import pin_guard
from web.views.pins import pins
from web.views.privacy import privacy
from web.views.profile import profile
from web.views.prompts import prompts
from web.views.pwa import pwa
from web.views.recordings import recordings
from web.views.reply_templates import reply_templates
from web.views.report_schedules import report_schedules
from web.views.reports import reports
from web.views.rights import rights
from web.views.roles import roles
from web.views.route_trial import route_trial
from web.views.routing import routing
from web.views.score_cards import score_cards
from web.views.script_editor import editor as scripts
from web.views.segments import segments
from web.views.settings import settings
from web.views.sms_gateway import sms_gateway
from web.views.staffing import staffing
from web.views.staffing_plan import staffing_plan
from web.views.supervision import supervision
from web.views.survey_answer import survey_answer
from web.views.surveys import surveys
from web.views.task_calendar import calendar
from web.views.tasks import tasks
from web.views.teams import teams
from web.views.thresholds import thresholds
from web.views.timeline import timeline
from web.views.trade import trade
from web.views.users import users
from web.views.voicemails import voicemails
from web.views.wall import wall
from web.views.wallboard import wallboard
from web.views.webhooks import webhooks

BLUEPRINTS: tuple[Blueprint, ...] = (
    login,
    desk,
    agents,
    calls,
    customers,
    segments,
    organizations,
    first_contacts,
    files,
    fields,
    consents,
    pins,
    imports,
    exports,
    interactions,
    conversations,
    chats,
    chat_widgets,
    timeline,
    reply_templates,
    sms_gateway,
    explain,
    recordings,
    live,
    supervision,
    staffing,
    hours,
    menus,
    pin_guard,
    prompts,
    route_trial,
    routing,
    report_schedules,
    reports,
    rights,
    roles,
    teams,
    settings,
    users,
    outbound,
    scripts,
    outcomes,
    deals,
    history,
    duplicates,
    trade,
    privacy,
    staffing_plan,
    pbx,
    pbx_plan,
    ledger,
    phone,
    profile,
    palette,
    tasks,
    calendar,
    missed,
    callback_requests,
    voicemails,
    line,
    pwa,
    webhooks,
    surveys,
    archive,
    survey_answer,
    assessments,
    calibrations,
    score_cards,
    alerts,
    thresholds,
    wall,
    wallboard,
)
