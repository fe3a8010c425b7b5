"""`callcenter report …`: figures in a terminal, as tables, CSV or JSON."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from callcenter import bootstrap, startup
from callcenter.errors import ProductError
from callcenter.exports.guard import guarded
from callcenter.reporting import address, tables
from callcenter.reporting.catalog import REPORTS, Report
from callcenter.reports.definitions import KPIS
from callcenter.rights.viewer import EVERYTHING
from callcenter.settings import Settings

if TYPE_CHECKING:
    from callcenter.reporting.address import Asked
    from callcenter.reports.question import Answer

_LISTS = ("by", "queue", "operator", "did", "trunk", "channel", "direction", "result", "segment")
_WRONG = {
    "no_date": "is not a date such as 2026-11-22",
    "backwards": "is before --from",
    "too_long": "a report covers ten years at most",
    "no_number": "is not a whole number that fits",
    "unknown_group": "this report cannot be grouped like that; it can by: {groups}",
    "unknown_period": "is none of the periods: see --help",
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
def list_() -> None:
    """Tell which reports there are, and how each figure is made."""
    for one in REPORTS.values():
        click.echo(f"{one.key.replace('_', '-')}: {one.title}")
        for name in one.kpis:
            click.echo(f"    {name.replace('_', '-')}: {KPIS[name].formula}")


def _report_with(kpi: str) -> Report | None:
    return next((one for one in REPORTS.values() if kpi in one.kpis), None)


def _command(name: str, words: str, of: Report, kpis: Sequence[str]) -> click.Command:
    def run(**options: Any) -> None:
        _run(of, tuple(kpis), options)

    command: Callable[..., Any] = run
    for option in _options():
        command = option(command)
    return click.command(name=name, help=f"{words}")(command)


def _options() -> list[Callable[..., Any]]:
    return [
        click.option("--format", "form", type=click.Choice(["table", "csv", "json"])),
        click.option("--from", "from_", metavar="DAY", help="The first local day."),
        click.option("--to", metavar="DAY", help="The last local day, included."),
        click.option(
            "--period",
            help="today, yesterday, 7d (as it is), week, last_week, month, last_month, 90d, year.",
        ),
        click.option("--zone", default="UTC", show_default=True, help="Such as Europe/Warsaw."),
        click.option("--sl", metavar="SECONDS", help="Of the service level; else each queue's."),
        click.option("--abandons", type=click.Choice(["in", "out"]), help="In the service level."),
        click.option("--short", type=click.Choice(["in", "out"]), help="Short abandons."),
        click.option("--again", metavar="DAYS", help="Within which a contact is one again."),
        *(
            click.option(f"--{name}", multiple=True, help="May be given several times.")
            for name in _LISTS
        ),
    ]


def _run(of: Report, kpis: tuple[str, ...], options: dict[str, Any]) -> None:
    form = options.pop("form") or "table"
    settings = Settings.from_env(os.environ)
    startup.check_database(settings)
    runtime = bootstrap.build(settings)
    try:
        asked = _asked(of, options, runtime.clock.now())
        from callcenter.queries import reports as queries
        from callcenter.queries.report_names import known

        with runtime.reader() as connection:
            answer = queries.answer(connection, asked.question(kpis))
            names = known(connection, EVERYTHING).names
    except ProductError as error:
        raise click.ClickException(str(error)) from error
    finally:
        runtime.close()
    _WRITERS[form](asked, answer, kpis, names)


def _asked(of: Report, options: dict[str, Any], now: Any) -> Asked:
    zone = options.pop("zone")
    args = {
        name.rstrip("_"): [str(one) for one in (value if isinstance(value, tuple) else (value,))]
        for name, value in options.items()
        if value not in (None, ())
    }
    asked = address.read(of, args, now=now, zone=zone)
    for field, problem in asked.problems.items():
        words = _WRONG[problem].format(groups=", ".join(of.groups))
        raise click.UsageError(f"--{field}: {words}")
    return asked


def _table(asked: Asked, answer: Answer, kpis: tuple[str, ...], names: tables.Names) -> None:
    header = [tables.BY_WORDS[one] for one in asked.by] + [KPIS[one].title for one in kpis]
    lines = [header]
    for row in answer.rows:
        keys = [tables.label(by, key, names) for by, key in zip(asked.by, row.key, strict=False)]
        lines.append([*keys, *(tables.spoken(kpi, row.values.get(kpi)) for kpi in kpis)])
    total = ["Total", *([""] * len(asked.by))][: len(asked.by)]
    lines.append([*total, *(tables.spoken(kpi, answer.totals.get(kpi)) for kpi in kpis)])
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        told = [
            cell.ljust(width) if place < len(asked.by) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  ".join(told).rstrip())
    if not answer.rows:
        click.echo("Nothing was counted in this time with these filters.", err=True)
    if answer.cut:
        click.echo("There are more rows than a report has: choose a shorter time.", err=True)


def _csv(asked: Asked, answer: Answer, kpis: tuple[str, ...], names: tables.Names) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(tables.header(kpis, asked.by))
    for row in tables.rows(answer, kpis, asked.by, names):
        writer.writerow([guarded(cell) for cell in row])


def _json(asked: Asked, answer: Answer, kpis: tuple[str, ...], names: tables.Names) -> None:
    del names
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
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


_WRITERS: dict[str, Callable[..., None]] = {"table": _table, "csv": _csv, "json": _json}
