"""What a forwarder beside a PBX and the API say to each other."""

from __future__ import annotations

from typing import Annotated

from flask_openapi3.models import RawModel
from pydantic import Field, StringConstraints

from web.api.fields import MAX_ID, AnswerModel, RequestModel, Text


class LedgerPosition(AnswerModel):
    """`file_id` is empty while nothing was received yet."""

    file_id: str
    offset: int


class LedgerOffset(AnswerModel):
    offset: int = Field(description="The byte of the file that is expected next.")


class LedgerPath(RequestModel):
    pbx: Annotated[Text, StringConstraints(min_length=1, max_length=80)] = Field(
        description="The name of the PBX, as the page of PBX links shows it."
    )


class LedgerPiece(RequestModel):
    file_id: Annotated[Text, StringConstraints(min_length=1, max_length=255)] = Field(
        description="Knows the file again after it was renamed."
    )
    offset: int = Field(ge=0, le=MAX_ID, description="Where in the file the body begins.")
    path: Annotated[Text, StringConstraints(max_length=1024)] = Field(
        default="", description="Where the file is, for people."
    )


class LedgerBytes(RawModel):
    """The bytes of the file as they are."""

    mimetypes = ["application/octet-stream"]  # noqa: RUF012 (so the base class has it)
