"""Which texts may stand in a PBX's configuration: refused here, so that nothing can break out.

An Asterisk configuration file has no quoting worth the name: a line end starts a new setting, a
semicolon a comment, a bracket a section, `${` a dialplan function. So every value is matched
against the form it must have, and what does not fit is refused rather than escaped.
"""

from __future__ import annotations

import ipaddress
import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PBX = re.compile(r"[\w.:-]{1,64}")
_EXTENSION = re.compile(r"[0-9]{2,8}")
_NUMBER = re.compile(r"\+[1-9][0-9]{3,14}")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_QUEUE = re.compile(r"[a-z][a-z0-9-]{0,30}")
# Names that Asterisk itself gives a meaning: extensions of one letter, sections of queues.conf.
_NOT_QUEUES = frozenset({"a", "e", "h", "i", "o", "s", "t", "general", "crm-queue"})
_TITLE = re.compile(r"[^\x00-\x1f\x7f\x85\u2028\u2029]{0,80}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")
# What providers give out: nothing that a line of pjsip.conf would read as more than text.
_ACCOUNT = re.compile(r"[A-Za-z0-9+][A-Za-z0-9+._-]{0,79}")
_GIVEN_SECRET = re.compile(r"[!-:<-\[\]-~]{1,80}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PATH = re.compile(r"/[A-Za-z0-9/._-]{1,200}")
_REGION = re.compile(r"[A-Z]{2}")
_SOUND = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_PIN = re.compile(r"[0-9]{4,12}")
_LANGUAGE = re.compile(r"[a-z]{2}(?:_[A-Z]{2})?")
# A person's name: letters of any script, digits, spaces and the punctuation that names carry.
_LABEL = re.compile(r"[^\W_](?:[\w .'’-]{0,58}[\w.'’-])?")

_CODES = {
    _NAME: "name",
    _PBX: "name",
    _EXTENSION: "extension",
    _NUMBER: "number",
    _PREFIX: "prefix",
    _QUEUE: "queue_name",
    _TITLE: "title",
    _ACCOUNT: "account",
    _HOST: "host",
    _PATH: "path",
    _REGION: "region",
    _SOUND: "sound",
    _LANGUAGE: "language",
    _LABEL: "label",
}


class PlanError(ValueError):
    """A value of the plan cannot be used; the message names it and the accepted form.

    `field` is the input at fault and `code` what is wrong with it, for whoever shows it in words of
    their own; `about` is what it concerns.
    """

    def __init__(self, message: str, *, field: str = "", code: str = "", about: str = "") -> None:
        super().__init__(message)
        self.field = field or re.split(r"[.: ]+", message.partition(": ")[0])[-1]
        self.code = code
        self.about = about


def _refused(field: str, code: str, words: str) -> PlanError:
    return PlanError(f"{field}: {words}", field=re.split(r"[.: ]+", field)[-1], code=code)


def _matching(pattern: re.Pattern[str], field: str, value: str, form: str) -> str:
    if pattern.fullmatch(value) is None:
        raise _refused(field, _CODES[pattern], f"{value!r} cannot be used. Accepted: {form}.")
    return value


def check_name(field: str, value: str) -> str:
    return _matching(_NAME, field, value, "1 to 40 letters, digits, - and _, such as support")


def check_pbx_name(field: str, value: str) -> str:
    """What AMI_URL may call one; in addresses it is escaped."""
    return _matching(_PBX, field, value, "1 to 64 letters, digits, and . : - _, such as hq")


def check_queue_name(field: str, value: str) -> str:
    form = "a small letter, then up to 30 small letters, digits and -, such as support"
    if value in _NOT_QUEUES:
        words = f"{value!r} means something else to Asterisk. Accepted: {form}."
        raise _refused(field, "not_queue", words)
    return _matching(_QUEUE, field, value, form)


def check_menu_key(field: str, value: str) -> str:
    """The key of a voice menu of the CRM's: an extension of its context."""
    form = "a small letter, then up to 30 small letters, digits and -, such as main"
    if value in _NOT_QUEUES:
        words = f"{value!r} means something else to Asterisk. Accepted: {form}."
        raise _refused(field, "not_queue", words)
    return _matching(_QUEUE, field, value, form)


def check_title(field: str, value: str) -> str:
    """Words for people, which no file of Asterisk's holds."""
    return _matching(_TITLE, field, value, "up to 80 characters on one line")


def check_extension(field: str, value: str) -> str:
    return _matching(_EXTENSION, field, value, "2 to 8 digits, such as 1001")


def check_number(field: str, value: str) -> str:
    return _matching(_NUMBER, field, value, "a number in E.164, such as +48221000001")


def check_prefix(field: str, value: str) -> str:
    return _matching(_PREFIX, field, value, "the beginning of an E.164 number, such as +48")


def check_secret(field: str, value: str) -> str:
    if _SECRET.fullmatch(value) is None:  # the value itself never shows up in a message
        words = "not usable. Accepted: 16 to 64 letters, digits, - and _."
        raise _refused(field, "secret", words)
    return value


def check_account(field: str, value: str) -> str:
    return _matching(_ACCOUNT, field, value, "up to 80 letters, digits and + . _ -")


def check_given_secret(field: str, value: str) -> str:
    """A password that a provider chose; the value itself never shows up in a message."""
    if _GIVEN_SECRET.fullmatch(value) is None:
        words = "not usable. Accepted: up to 80 ASCII characters without spaces, ; and \\."
        raise _refused(field, "given_secret", words)
    return value


def check_label(field: str, value: str) -> str:
    return _matching(_LABEL, field, value, "a name of up to 60 letters, digits, spaces, . ' -")


def check_path(field: str, value: str) -> str:
    if ".." in value.split("/"):
        raise _refused(field, "path", f"{value!r} cannot be used. Accepted: a path without '..'.")
    return _matching(_PATH, field, value, "an absolute path of letters, digits, . _ - and /")


def check_region(field: str, value: str) -> str:
    return _matching(_REGION, field, value, "an ISO country in capitals, such as PL")


def check_language(field: str, value: str) -> str:
    return _matching(_LANGUAGE, field, value, "a language such as en or ru")


def check_sound(field: str, value: str) -> str:
    return _matching(_SOUND, field, value, "a sound's name without folder, such as ss-noservice")


def check_pin(field: str, value: str) -> str:
    if _PIN.fullmatch(value) is None:  # the value itself never shows up in a message
        raise _refused(field, "pin", "not usable. Accepted: 4 to 12 digits.")
    return value


def check_seconds(field: str, value: int) -> int:
    if not 1 <= value <= 86400:
        words = f"{value} cannot be used. Accepted: seconds from 1 to 86400."
        raise _refused(field, "seconds", words)
    return value


def check_port(field: str, value: int) -> int:
    if not 1 <= value <= 65535:
        words = f"{value} cannot be used. Accepted: a port from 1 to 65535."
        raise _refused(field, "port", words)
    return value


def check_ip(field: str, value: str) -> str:
    try:
        # Behind a % an IPv6 address may say anything, and nobody looks at it.
        ipaddress.ip_network("" if "%" in value else value, strict=False)
    except ValueError:
        form = "an IP address or network, such as 203.0.113.10 or 203.0.113.0/28"
        words = f"{value!r} cannot be used. Accepted: {form}."
        raise _refused(field, "ip", words) from None
    return value


def check_host(field: str, value: str) -> str:
    """A host name or an IP address; an IPv6 address comes back in brackets."""
    try:
        address = ipaddress.ip_address("" if "%" in value else value.strip("[]"))
    except ValueError:
        return _matching(_HOST, field, value, "a host name or an IP address")
    return f"[{address}]" if address.version == 6 else str(address)
