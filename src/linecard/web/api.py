"""The API's operations that belong to no domain: how long work is getting on."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict
from pydantic import Field as SchemaField

from linecard.kernel.errors import NotFound
from linecard.web.answers import json_answer
from linecard.web.jobs import find_job

router = Router(tags=["Jobs"])


class Job(BaseModel):
    """Long work. What else it tells depends on its kind: as `GET …/imports/{id}`, or as `GET …/bulk-works/{id}`."""

    model_config = ConfigDict(extra="allow")

    id: int
    kind: Literal["import", "bulk"]
    state: str = SchemaField(description="How far it has come; the words are those of its kind.")
    progress: int = SchemaField(description="How much of it is done, in whole percent; 100 is finished.")


@router.get("/jobs/{int:job_id}", response=Job, summary="Ask how long work is getting on")
def read_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The same address for all that answers 202. Ask about once a second."""
    found = find_job(request.user, job_id)
    if found is None:
        raise NotFound("There is no such job.")
    return json_answer(found)
