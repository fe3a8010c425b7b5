"""pyst2's AGI vocabulary without pyst2's I/O: what to say to Asterisk, and what its replies mean.

The only module that knows AGI command strings. It reads and writes nothing: `Vocabulary.converse`
is a generator that yields each command line and is sent the reply, so that the same words serve an
asyncio connection and a test. pyst2's faults are mended here, in a subclass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NoReturn, TypeVar

from asterisk.agi import (
    AGI,
    AGIAppError,
    AGIDBError,
    AGIError,
    AGIHangup,
    AGIInvalidCommand,
    AGIResultHangup,
    AGIUnknownError,
    AGIUsageError,
)

from agi_scripts.replies import RESULT, Reply
from agi_scripts.variables import SETTABLE

# pyst2 is imported here alone: who catches its errors takes them from here.
__all__ = [
    "APPLICATIONS",
    "FAILURE",
    "MAX_COMMAND",
    "AGIAppError",
    "AGIError",
    "AGIHangup",
    "UnsafeValueError",
    "Vocabulary",
    "quote",
]

T = TypeVar("T")

# Asterisk reads a command into 2 KB before mid-2025 and 8 KB since; ours are far shorter.
MAX_COMMAND: Final = 2000
# What a script may EXEC. Never System, Exec, Originate or anything that takes a dial string.
APPLICATIONS: Final = frozenset({"NoOp", "Playback", "Progress", "Ringing", "Wait"})
# Asterisk ends AGI() with AGISTATUS=FAILURE at a line that begins so.
FAILURE: Final = b"failure\n"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_EXPRESSION = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]{0,63}\}")
_WORD = re.compile(r"[A-Za-z0-9_.:=+/#*-]+")
_UNSAFE = re.compile('[\x00-\x1f\x7f"\ud800-\udfff]')
_APPLICATION_ARGUMENT = re.compile(r"[A-Za-z0-9_.:&/ -]*")
# What MSet() takes for itself: no comma, bracket, quote or backslash, nothing to evaluate.
_PLAIN = re.compile(r"[A-Za-z0-9_.:+#*|&@/-]*")
_MOST_AT_ONCE: Final = 20
# What the dialplan notes for the ledger, by CELGenUserEvent().
_NOTE = "CELGenUserEvent"
_NOTE_NAME = re.compile(r"CRM_[A-Z_]{1,40}")
_NOTE_VALUE = re.compile(r"[A-Za-z0-9_.:+#*/-]{0,80}")


class UnsafeValueError(ValueError):
    """A value that could say more to Asterisk than it should. Its text is not repeated."""


class _Quoted(str):
    """An argument that is already safe to write."""

    __slots__ = ()


class _Ask(BaseException):
    """Thrown through pyst2's method to the driver: say this, then come again with the reply.

    Not an Exception, so that no `except` of pyst2's can take it for one of Asterisk's errors.
    """

    def __init__(self, line: bytes) -> None:
        self.line = line


def quote(value: object) -> str:
    """An argument in double quotes. Refuses what no escaping makes safe, escapes the backslash."""
    text = str(value)
    if _UNSAFE.search(text):
        raise UnsafeValueError("a value for Asterisk holds a line break, a quote or a control sign")
    return _Quoted('"' + text.replace("\\", "\\\\") + '"')


class Vocabulary(AGI):  # type: ignore[misc]  # pyst2 has no types
    """pyst2's command methods; `execute` and all below it are ours.

    A method runs once per reply it needs: `execute` answers from the replies heard so far and
    throws `_Ask` for the next one. pyst2's methods keep no state, so running them again is safe.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        # Not super().__init__: it takes over SIGHUP, writes to stderr and reads stdin.
        self.env = dict(env)
        self._heard: Sequence[Reply] = ()
        self._next = 0

    def converse(self, say: Callable[[], T]) -> Generator[bytes, Reply, T]:
        """Yields the lines that `say` (a call of one of the methods) needs; returns its result."""
        heard: list[Reply] = []
        while True:
            self._heard, self._next = heard, 0
            try:
                return say()
            except _Ask as ask:
                line = ask.line
            heard.append((yield line))

    def set_variables(self, values: Mapping[str, object]) -> Generator[bytes, Reply, None]:
        """In their order; in one command where their values allow it: each is a round trip."""
        together = self.together(values)
        if together is None:
            for name, value in values.items():
                yield from self.converse(partial(self.set_variable, name, value))
        elif together:
            _meaning((yield together))

    def together(self, values: Mapping[str, object]) -> bytes | None:
        """The command that sets all of them, if one can; b"" when there is nothing to set."""
        told = {name: str(value) for name, value in values.items()}
        if not told.keys() <= SETTABLE:
            raise UnsafeValueError("a script may set the CRM_ variables only")
        if not told:
            return b""
        plain = all(map(_PLAIN.fullmatch, told.values()))
        if not plain or len(told) > _MOST_AT_ONCE:
            return None
        line = ",".join(map("=".join, told.items()))
        return f'EXEC MSet "{line}"\n'.encode() if len(line) < MAX_COMMAND - 20 else None

    def execute(self, command: str, *args: object) -> dict[str, tuple[str, str]]:
        if self._next == len(self._heard):
            raise _Ask(_command_line(command, args))
        reply = self._heard[self._next]
        self._next += 1
        return _meaning(reply)

    def _quote(self, string: object) -> str:
        return quote(string)

    # Where pyst2's own method cannot be made right from below.

    def set_variable(self, name: str, value: object) -> None:
        if name not in SETTABLE:
            raise UnsafeValueError("a script may set the CRM_ variables only")
        super().set_variable(name, value)

    def get_variable(self, name: str) -> str:
        """pyst2 gives the word "hangup" for the value when the caller is gone; this raises."""
        if not _VARIABLE.fullmatch(name):
            raise UnsafeValueError("not the plain name of a variable")
        return self.execute("GET VARIABLE", quote(name))["result"][1]

    def get_full_variable(self, name: str, channel: str | None = None) -> str:
        """Asterisk evaluates the expression, so only `${NAME}` is let through."""
        if not _EXPRESSION.fullmatch(name):
            raise UnsafeValueError("not the plain name of a variable in ${}")
        where = (quote(channel),) if channel else ()
        return self.execute("GET FULL VARIABLE", quote(name), *where)["result"][1]

    def note(self, name: str, value: str) -> None:
        """A row of the ledger: what happened to this call, as the dialplan itself notes it."""
        if not _NOTE_NAME.fullmatch(name) or not _NOTE_VALUE.fullmatch(value):
            raise UnsafeValueError("the ledger is told our own names and plain words only")
        self.execute("EXEC", _NOTE, _Quoted(f'"{name},{value}"'))

    def exec_command(self, command: str, *args: object) -> dict[str, tuple[str, str]]:
        if command not in APPLICATIONS:
            raise UnsafeValueError("a script may not run this application")
        if not all(_APPLICATION_ARGUMENT.fullmatch(str(one)) for one in args):
            raise UnsafeValueError("an application's argument holds more than plain words")
        return self.execute("EXEC", command, _Quoted('"' + ",".join(map(str, args)) + '"'))

    def appexec(self, application: str, options: str = "") -> str:
        result = self.exec_command(application, *([options] if options else []))["result"][0]
        if result == "-2":
            raise AGIAppError("Asterisk has no such application")
        return result

    def database_get(self, family: str, key: str) -> str:
        """pyst2 quotes twice, so that no key is ever found."""
        result, value = self.execute("DATABASE GET", quote(family), quote(key))["result"]
        if result != "1":
            raise AGIDBError("no such key in the Asterisk database")
        return value

    def channel_status(self, channel: str = "") -> int:
        result: int = super().channel_status(channel)
        return result

    # What pyst2 does to streams and signals is not for us.

    def test_hangup(self) -> None:
        """The session knows; see `AgiSession.hung_up`."""

    def send_command(self, command: str, *args: object) -> NoReturn:
        raise NotImplementedError

    def get_result(self, stdin: Any = None) -> NoReturn:
        raise NotImplementedError


def _command_line(command: str, args: Sequence[object]) -> bytes:
    """One line. Empty optional arguments at the end are left out; in between they keep their place.

    pyst2 leaves some arguments unquoted: those are written as they are only when they are one word.
    """
    words = [_argument(one) for one in args]
    while words and words[-1] == "":
        words.pop()
    line = " ".join([command.strip(), *(word or '""' for word in words)]).encode()
    if len(line) > MAX_COMMAND:
        raise UnsafeValueError("a command is longer than Asterisk reads")
    return line + b"\n"


def _argument(value: object) -> str:
    if isinstance(value, _Quoted):
        return value
    text = str(value)
    return text if text == "" or _WORD.fullmatch(text) else quote(text)


def _meaning(reply: Reply) -> dict[str, tuple[str, str]]:
    """pyst2's form of a result; only the reply's own `result=` counts, never one in a value."""
    if reply.code == 510:
        raise AGIInvalidCommand(reply.text)
    if reply.code == 511:
        raise AGIResultHangup("the channel is dead")
    if reply.code == 520:
        raise AGIUsageError(reply.text)
    match = RESULT.fullmatch(reply.text) if reply.code == 200 else None
    if match is None:
        raise AGIUnknownError(reply.code, "Asterisk gave a reply of unknown form")
    result, data, endpos = match[1], match[2] or "", match[3]
    if data == "hangup" and result in ("-1", "0"):
        raise AGIResultHangup("the caller hung up during the command")
    if result == "-1":
        raise AGIAppError("the command failed, or the caller hung up")
    meaning = {"result": (result, data)}
    if endpos is not None:
        meaning["endpos"] = (endpos, "")
    return meaning
