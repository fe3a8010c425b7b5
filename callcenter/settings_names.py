"""Which environment variables are ours, and what to do about one that only looks like ours."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from callcenter.settings_forms import SettingsError

KNOWN = (
    "AGI_BIND",
    "AGI_SHARED",
    "AMI_CONFIG_URL",
    "AMI_ORIGINATE_URL",
    "AMI_URL",
    "ARCHIVE_MEMORY_MB",
    "CALLCENTER_DATA",
    "CEL_PATH",
    "DATABASE_URL",
    "DEFAULT_REGION",
    "IMPORT_MAX_MB",
    "INTERNAL_NUMBERS",
    "JOURNAL_DAYS",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MAIL_FROM",
    "MAIL_IMAP_URL",
    "MAIL_SMTP_URL",
    "METRICS_BIND",
    "PBX_CONFIG_PATH",
    "PHONE_KEY",
    "PHONE_URL",
    "PIN_FAILURES_PER_HOUR",
    "PROMPTS_PATH",
    "PUBLIC_URL",
    "RECORDINGS_PATH",
    "REDIS_URL",
    "RETENTION_DAYS",
    "SECRET_KEY",
    "SMS_FROM",
    "SMS_URL",
    "TRUNKS",
    "WEBHOOK_NETWORKS",
    "WEB_ASYNC",
    "WEB_BIND",
    "WEB_ORIGINS",
)
# Read by the Makefile, the tests and the lab; no settings, yet no mistakes either.
_TOLERATED = frozenset({"CALLCENTER_CACHE", "CALLCENTER_REQUIRE"})
_CLOSE = 0.88


class Environment:
    """The environment after the names have been checked, with NAME_FILE resolved."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        for name in environ:
            _refuse_misspelt(name)

    def get(self, name: str, default: str) -> str:
        value = self._environ.get(name, "").strip()
        file_name = self._environ.get(f"{name}_FILE", "").strip()
        if value and file_name:
            raise SettingsError(f"{name} and {name}_FILE are both set: keep one of them.")
        if file_name:
            value = _read(name, file_name)
        return value or default


def _read(name: str, file_name: str) -> str:
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SettingsError(
            f"{name}_FILE names {file_name}, which cannot be read ({reason}). "
            f"Accepted: the path of a text file that holds the value of {name}."
        ) from error


def _refuse_misspelt(name: str) -> None:
    plain = name.removesuffix("_FILE")
    if plain in KNOWN or name in _TOLERATED:
        return
    meant = _meant(plain)
    if meant:
        raise SettingsError(f"{name} is not a setting. Did you mean {meant}? Rename or unset it.")
    if name.startswith("CALLCENTER_"):
        raise SettingsError(
            f"{name} is not a setting. Settings are: {', '.join(KNOWN)}. Rename or unset it."
        )


def _meant(name: str) -> str:
    upper = name.upper()
    swapped = [known for known in KNOWN if sorted(known) == sorted(upper)]
    close = swapped or get_close_matches(upper, KNOWN, n=1, cutoff=_CLOSE)
    return close[0] if close else ""
