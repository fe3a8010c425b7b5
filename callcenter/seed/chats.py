"""The demo company's chat widget; `/chat/demo/demo` is the page to try it on. Pure."""

from __future__ import annotations

from callcenter.chats.widget import Widget

WIDGET = Widget(
    key="demo",
    title="Demo support",
    queue="support",
    greeting="Good day! What can we do for you?",
)
