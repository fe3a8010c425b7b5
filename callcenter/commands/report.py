"""`callcenter report …`: figures in a terminal, as tables, CSV or JSON."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from callcenter.commands.terminal import escaped, harmless
from callcenter.errors import Invalid
from callcenter.exports.guard import guarded
from callcenter.opened import opened
from callcenter.reporting import address, tables
from callcenter.reporting.catalog import REPORTS, Report
from callcenter.reporting.language import ENGLISH, LEFT_OUT, Language
from callcenter.reports.definitions import KPIS
from callcenter.rights.viewer import EVERYTHING

if TYPE_CHECKING:
    from callcenter.reporting.address import Asked
    from callcenter.reports.question import Answer

_LISTS = ("by", "queue", "operator", "did", "trunk", "channel", "direction", "result", "segment")
_LANGUAGES = ("en", "pl", "ru")


def _known_language(_context: object, _option: object, told: str | None) -> str:
    """That of the terminal may be any; one that was asked for by name is spoken or refused."""
    if told is None:
        return os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    if told.replace("-", "_").partition("_")[0].partition(".")[0].lower() not in _LANGUAGES:
        raise click.BadParameter(f"must be of: {', '.join(_LANGUAGES)}")
    return told


_LANGUAGE = click.option(
    "--language",
    callback=_known_language,
    help="Of headings, formulas and notes: en, pl or ru; else that of the terminal.",
)
_WRONG = {
    "no_date": "is not a date such as 2026-11-22",
    "backwards": "is before --from",
    "too_long": "a report covers ten years at most",
    "no_number": "is not a whole number that fits",
    "unknown_group": "this report cannot be grouped like that; it can by: {groups}",
    "unknown_period": "is none of the periods: see --help",
    "unknown_zone": "is not a time zone such as Europe/Warsaw",
    "no_id": "is not an id, which is a whole number",
    "no_choice": "must be of: {choices}",
    "too_many": "takes at most 200",
    "too_many_groups": "at most two of them",
    "twice": "is given twice, in two ways",
    "both": "is given beside --from or --to; choose one of the two ways",
}


class _Reports(click.Group):
    """A command for each report, and one for each figure."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        figures = [name for name in KPIS if _report_with(name)]
        names = [*super().list_commands(ctx), *REPORTS, *figures]
        return [name.replace("_", "-") for name in dict.fromkeys(names)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = cmd_name.replace("-", "_")
        if name in REPORTS:
            report = REPORTS[name]
            return _command(cmd_name, report.title, report, report.kpis)
        report_with = _report_with(name)
        if report_with is not None:
            return _command(cmd_name, KPIS[name].formula, report_with, (name,))
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Reports)
def report() -> None:
    """Figures of the call center. `callcenter report list` tells which, with their formulas."""


@report.command(name="list")
@_LANGUAGE
def list_(language: str) -> None:
    """Tell which reports there are, and how each figure is made."""
    for one in REPORTS.values():
        say = _spoken(one, language).say
        click.echo(f"{one.key.replace('_', '-')}: {say(one.title)}")
        for name in one.kpis:
            click.echo(f"    {name.replace('_', '-')}: {say(KPIS[name].formula)}")


def _spoken(of: Report, language: str) -> Language:
    """English where the door that knows others is not installed, or knows none such."""
    entries = () if language.startswith("en") else entry_points(group="callcenter.report_languages")
    for entry in entries:
        return Language.of(entry.load()(of.key, language))
    return ENGLISH


def _report_with(kpi: str) -> Report | None:
    return next((one for one in REPORTS.values() if kpi in one.kpis), None)


def _command(name: str, words: str, of: Report, kpis: Sequence[str]) -> click.Command:
    def run(**options: Any) -> None:
        _run(of, tuple(kpis), options)

    command: Callable[..., Any] = run
    for option in _options():
        command = option(command)
    return click.command(name=name, help=f"{words}")(command)


def _once(name: str, *more: str, **how: Any) -> Callable[..., Any]:
    """An option that would be taken as it was said last is refused where it is said in two ways."""
    return click.option(f"--{name}", *more, multiple=True, **how)


def _options() -> list[Callable[..., Any]]:
    return [
        _LANGUAGE,
        click.option("--format", "form", type=click.Choice(["table", "csv", "json"])),
        _once("from", "from_", metavar="DAY", help="The first local day."),
        _once("to", metavar="DAY", help="The last local day, included."),
        _once(
            "period",
            help="today, yesterday, 7d (as it is), week, last_week, month, last_month, 90d, year.",
        ),
        _once("zone", help="Such as Europe/Warsaw; else UTC."),
        _once("sl", metavar="SECONDS", help="Of the service level; else each queue's."),
        _once("abandons", type=click.Choice(["in", "out"]), help="In the service level."),
        _once("short", type=click.Choice(["in", "out"]), help="Short abandons."),
        _once("again", metavar="DAYS", help="Within which a contact is one again."),
        *(
            click.option(f"--{name}", multiple=True, help="May be given several times.")
            for name in _LISTS
        ),
    ]


def _run(of: Report, kpis: tuple[str, ...], options: dict[str, Any]) -> None:
    form = options.pop("form") or "table"
    language = _spoken(of, options.pop("language"))
    _keep_going()
    with opened() as runtime:
        asked = _asked(of, options, runtime.clock.now())
        from callcenter.queries import left_out
        from callcenter.queries import reports as queries
        from callcenter.queries.report_names import known

        left_out.begin()
        try:
            with runtime.reader() as connection:
                answer = queries.answer(connection, asked.question(kpis))
                names = known(connection, EVERYTHING, language.tag).names
        except Invalid as error:
            raise click.UsageError(str(error)) from error
    _WRITERS[form](asked, answer, kpis, names, language)
    if months := ", ".join(left_out.months()):
        click.echo(f"{language.say(LEFT_OUT)} {months}", err=True)
    for by, key in tables.strangers(asked.filters, names):
        click.echo(f"{by.replace('dialed', 'did')} {harmless(key)}: there is none.", err=True)


def _asked(of: Report, options: dict[str, Any], now: Any) -> Asked:
    args = {
        name.rstrip("_"): [str(one) for one in (value if isinstance(value, tuple) else (value,))]
        for name, value in options.items()
        if value not in (None, ())
    }
    asked = address.read(of, args, now=now, zone="UTC", strict=True)
    for field, problem in asked.problems.items():
        choices = ", ".join(address.CHOICES.get(field, ())) or "names of at most 80 letters"
        words = _WRONG[problem].format(groups=", ".join(of.groups), choices=choices)
        raise click.UsageError(f"--{field}: {words}")
    return asked


def _keep_going() -> None:
    """A terminal that has no sign for a letter shows a question mark."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _table(
    asked: Asked, answer: Answer, kpis: tuple[str, ...], names: tables.Names, language: Language
) -> None:
    say = language.say
    header = [say(tables.BY_WORDS[one]) for one in asked.by] + [
        say(KPIS[one].title) for one in kpis
    ]
    lines = [header]
    for row in answer.rows:
        keys = zip(asked.by, row.key, strict=False)
        told = [harmless(tables.label(by, key, names, language)) for by, key in keys]
        lines.append([*told, *(tables.spoken(kpi, row.values.get(kpi), language) for kpi in kpis)])
    total = [say("Total"), *([""] * len(asked.by))][: len(asked.by)]
    lines.append([*total, *(tables.spoken(kpi, answer.totals.get(kpi), language) for kpi in kpis)])
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        told = [
            cell.ljust(width) if place < len(asked.by) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  ".join(told).rstrip())
    for why in tables.reasons(answer, kpis, language):
        click.echo(why, err=True)
    if not answer.rows and len(answer.unknown) < len(kpis):
        click.echo(f"{say('Nothing was counted in this time')}.", err=True)
    if answer.cut:
        click.echo(say(tables.MORE), err=True)


def _csv(
    asked: Asked, answer: Answer, kpis: tuple[str, ...], names: tables.Names, language: Language
) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(tables.header(kpis, asked.by, language))
    for row in tables.rows(answer, kpis, asked.by, names, language):
        writer.writerow([guarded(harmless(cell)) for cell in row])


def _json(
    asked: Asked, answer: Answer, kpis: tuple[str, ...], names: tables.Names, language: Language
) -> None:
    del names, language  # codes and ids, the same in all languages
    period = asked.period
    assert period is not None  # noqa: S101 (refused before)
    told = {
        "report": asked.report.key,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "zone": period.zone,
        "by": list(asked.by),
        "rows": [{"key": list(row.key), "values": dict(row.values)} for row in answer.rows],
        "totals": {kpi: answer.totals.get(kpi) for kpi in kpis},
        "cut": answer.cut,
        "unknown": {
            kpi: {"filters": list(why.filters), "by": list(why.by)}
            for kpi, why in answer.unknown.items()
        },
    }
    click.echo(escaped(json.dumps(told, ensure_ascii=False, indent=1)))


_WRITERS: dict[str, Callable[..., None]] = {"table": _table, "csv": _csv, "json": _json}
