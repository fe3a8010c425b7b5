"""Files taken in and given out, as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from flask_openapi3.models import RawModel
from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, RequestModel, Text

KindName = Literal["customers", "organizations", "invoices", "payments", "orders", "visits"]
State = Literal["draft", "queued", "running", "paused", "done", "failed", "undone"]
Rule = Literal["update", "fill", "skip"]
Header = Annotated[Text, StringConstraints(max_length=255)]
FieldName = Annotated[Text, StringConstraints(max_length=60)]


class FileBytes(RawModel):
    """The file as it is: CSV, XLSX or vCard."""

    mimetypes = ["application/octet-stream"]  # noqa: RUF012 (so the base class has it)


class ImportPath(RequestModel):
    import_id: Id


class ExportPath(RequestModel):
    export_id: Id


class ImportQuery(RequestModel):
    kind: KindName = "customers"
    name: Annotated[Text, StringConstraints(min_length=1, max_length=255)] = "file"
    begin: Literal["", "try", "import"] = Field(
        default="",
        description="`try` checks every row and keeps nothing, `import` keeps them; without it the "
        "file waits for its columns to be corrected and for its start.",
    )


class Import(AnswerModel):
    id: int
    kind: str
    name: str
    size: int
    state: State
    dry_run: bool
    position: int = Field(description="Rows done.")
    total: int = Field(description="About how many there are; 0 while nobody knows.")
    created: int
    updated: int
    unchanged: int
    failed: int
    problem: str
    batch_id: int | None
    created_at: datetime
    finished_at: datetime | None
    encoding: str
    delimiter: str
    columns: dict[str, str] = Field(description="Header → field, of the columns that are taken.")
    header: list[str]
    match_by: list[str]
    on_match: Rule
    create: bool


class ImportPage(AnswerModel):
    items: list[Import]
    next_cursor: str | None = None


class ImportChange(RequestModel):
    """What is not named stays as it was found."""

    columns: dict[Header, FieldName] | None = Field(
        default=None, description="Header → field; columns that are not named are left out."
    )
    encoding: Annotated[Text, StringConstraints(max_length=20)] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    has_header: bool | None = None
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    match_by: (
        list[Literal["external_id", "phone", "email", "name", "tax_id", "number", "moment"]] | None
    ) = None
    on_match: Rule | None = None
    create: bool | None = None


class ImportStart(RequestModel):
    dry_run: bool = False


class NoBody(RequestModel):
    """An empty object."""


class RowProblem(AnswerModel):
    column: str
    message: str


class WrongRow(AnswerModel):
    record: int
    line: int
    cells: list[str]
    problems: list[RowProblem]


class ImportErrorPage(AnswerModel):
    items: list[WrongRow]
    next_cursor: str | None = None


class ExportNew(RequestModel):
    kind: KindName = "customers"
    format: Literal["csv", "xlsx", "vcf"] = "csv"
    columns: list[FieldName] = Field(default=[], max_length=300, description="None: all of them.")
    segment_id: Id | None = None
    filter: dict[str, Any] | None = Field(
        default=None, description="As segments have it; for customers."
    )


class Export(AnswerModel):
    id: int
    kind: str
    format: str
    state: Literal["queued", "running", "done", "failed"]
    done: int = Field(description="Rows written.")
    size: int
    problem: str
    created_at: datetime
    finished_at: datetime | None


class ExportPage(AnswerModel):
    items: list[Export]
    next_cursor: str | None = None
