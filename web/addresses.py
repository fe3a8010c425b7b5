"""Keeps an address in the browser that can be opened again. A form that is refused comes back
under the address it was sent to; where nothing but a form can go, loading that page again would be
refused."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

_READS = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    app.after_request(_keep_the_page)


def _keep_the_page(answer: Response) -> Response:
    sent = request.method not in _READS and "HX-Request" in request.headers
    if sent and "HX-Push-Url" not in answer.headers and not _can_be_opened():
        answer.headers["HX-Push-Url"] = "false"
    return answer


def _can_be_opened() -> bool:
    places = current_app.create_url_adapter(request)
    return places is not None and places.test(request.path, "GET")
