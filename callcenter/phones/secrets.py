"""The SIP password of a browser's phone: derived from one key, so that nobody has to keep them.

The PBX's configuration holds the derived secrets, the web door derives the same again to sign a
challenge, and the browser never sees one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

REALM = "asterisk"
"""What Asterisk names in its challenges unless its configuration says otherwise."""


def web_secret(phone_key: str, endpoint: str) -> str:
    """The password of the endpoint (`web1001`): 43 letters, digits, - and _."""
    digest = hmac.new(phone_key.encode(), endpoint.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
