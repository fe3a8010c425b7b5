"""`callcenter import …`: files of other systems, from a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from callcenter.opened import opened

ROWS_WITH_ERRORS = 3
_PIECE = 1024**2


@click.group(name="import")
def import_() -> None:
    """Take in files: CSV, XLSX, vCard, exports of VtigerCRM.

    Ends with 0 when every row was taken, 3 when some rows have errors (see --errors), 1 when
    nothing could be taken, 2 for a mistake in the command.
    """


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--encoding", help="Such as cp1250; found out where it is not said."),
        click.option("--delimiter", help="What parts the cells; found out where it is not said."),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="HEADER=FIELD",
            help="What a column means, beside what its header says. FIELD - leaves it out.",
        ),
        click.option(
            "--match",
            "match_by",
            multiple=True,
            help="By what a row is about a known record, in this order; none: every row is new.",
        ),
        click.option(
            "--on-match",
            type=click.Choice(["update", "fill", "skip"]),
            help="What a row does to a known record.",
        ),
        click.option("--no-create", is_flag=True, help="Make no new records."),
        click.option("--region", help="The country of numbers without one, such as PL."),
        click.option("--currency", default="", help="Of amounts without one, such as PLN."),
        click.option("--dry-run", is_flag=True, help="Check every row, keep nothing."),
        click.option(
            "--errors",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Where to write the rows with errors, to be mended and sent again.",
        ),
    ):
        command = option(command)
    return command


def _command(kind: str, what: str) -> None:
    @import_.command(name=kind, help=f"Take in {what}.")
    @_options
    def run(file: Path, **options: Any) -> None:
        _take_in(kind, file, options)


for _kind, _what in (
    ("customers", "customers"),
    ("organizations", "organisations"),
    ("invoices", "invoices"),
    ("payments", "payments"),
    ("orders", "orders"),
    ("visits", "visits"),
):
    _command(_kind, _what)


def _take_in(kind: str, path: Path, options: dict[str, Any]) -> None:
    from callcenter import file_jobs
    from callcenter.services import import_run, imports

    with opened() as runtime:
        desk = file_jobs.desk_of(runtime)
        import_id = imports.take_in(kind, path.name, _pieces(path), user_id=None, desk=desk)
        values = _plan(import_id, desk, options)
        if values:
            imports.change_plan(import_id, values, user_id=None, desk=desk)
        imports.start(import_id, dry_run=options["dry_run"], user_id=None, desk=desk)
        import_run.advance(desk, runtime.bus, only=import_id, told=_tell)
        with desk.unit_of_work() as uow:
            job = uow.imports.get(import_id)
        assert job is not None  # noqa: S101 (it was just run)
        _tell_end(job)
        if options["errors"] and job.failed:
            _write_errors(runtime, job, options["errors"])
    if job.state == "failed":
        raise click.ClickException(job.problem)
    if job.failed:
        raise click.exceptions.Exit(1 if job.failed == job.position else ROWS_WITH_ERRORS)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _plan(import_id: int, desk: Any, options: dict[str, Any]) -> dict[str, Any]:
    from callcenter.imports.plan import Plan

    with desk.unit_of_work() as uow:
        job = uow.imports.get(import_id)
    plan = Plan.from_json(job.plan)
    names = ("encoding", "delimiter", "on_match", "region", "currency")
    values = {name: options[name] for name in names if options[name]}
    if options["match_by"]:
        values["match_by"] = [one for one in options["match_by"] if one != "none"]
    if options["no_create"]:
        values["create"] = False
    columns = dict(plan.columns)
    for told in options["mapping"]:
        header, _, field = told.rpartition("=")
        if header not in plan.header:
            raise click.UsageError(f"there is no column {header!r}: {', '.join(plan.header)}")
        place = plan.header.index(header)
        columns.pop(place, None)
        columns |= {place: field} if field != "-" else {}
    return values | ({"columns": columns} if options["mapping"] else {})


def _tell(done: int, total: int) -> None:
    click.echo(f"\r{done} of about {max(done, total)} rows", nl=False, err=True)


def _tell_end(job: Any) -> None:
    tried = " (tried out: nothing was kept)" if job.dry_run else ""
    click.echo("", err=True)
    click.echo(
        f"{job.position} rows: {job.created} new, {job.updated} changed, {job.unchanged} as they "
        f"were, {job.failed} with errors{tried}."
    )


def _write_errors(runtime: Any, job: Any, path: Path) -> None:
    from callcenter.exports.writing import csv_chunks
    from callcenter.imports.headers import WRONG
    from callcenter.imports.plan import Plan
    from callcenter.queries import imports as queries

    plan = Plan.from_json(job.plan)

    def rows() -> Iterator[tuple[str, ...]]:
        yield (*plan.header, WRONG)
        with runtime.reader() as connection:
            for one in queries.all_errors(connection, job.id):
                blank = ("",) * (len(plan.header) - len(one.cells))
                words = "; ".join(f"{c}: {w}" if c else w for c, w in one.problems)
                yield (*one.cells[: len(plan.header)], *blank, words)

    with path.open("wb") as file:
        file.writelines(csv_chunks(rows(), plan.delimiter if plan.form == "csv" else ","))
    click.echo(f"The rows with errors are in {path}.", err=True)
