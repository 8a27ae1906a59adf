"""The API's own description (OpenAPI): what every operation has in common is written here once.

An operation declares its own answers and says with ``described`` which headers it uses. Problems, the sign-in and
``Idempotency-Key`` follow from what the operation is.
"""

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation, PathView
from ninja.router import BoundRouter

from linecard.web.idempotency import HEADER as IDEMPOTENCY_KEY
from linecard.web.problems import CONTENT_TYPE

Json = dict[str, Any]

_UNSAFE = frozenset({"post", "put", "patch", "delete"})

_ETAG = {
    "description": "What a person edits, as of this answer. Send it back as `If-Match`.",
    "schema": {"type": "string"},
    "example": '"17-3"',
}
_LOCATION = {
    "description": "Where the new one is.",
    "schema": {"type": "string", "format": "uri-reference"},
}
# Without examples: the viewer would send them.
_PARAMETERS: dict[str, Json] = {
    "If-Match": {
        "description": "The `ETag` that was read. When it moved since, nothing changes and the answer is 412.",
        "schema": {"type": "string"},
    },
    "If-None-Match": {
        "description": "An `ETag` that is at hand. When it is still the present one, the answer is 304.",
        "schema": {"type": "string"},
    },
    IDEMPOTENCY_KEY: {
        "description": "Chosen by you, new for each new write: sent again, the write happens once.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    },
}

_PROBLEMS = {
    400: "The request cannot be read, for example because the body is broken.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "Not allowed: by no group, with a read-only token or one of another kind, or without the CSRF token.",
    404: "No such thing, or not yours to see.",
    409: "The present state does not allow it.",
    412: "It changed since it was read. Read it again.",
    413: "The body is too large.",
    415: "The body is not of the type that is wanted here.",
    422: "Some values are not valid; `errors` names each.",
    503: "It took too long, or others are at the same data. Nothing has changed: send it again in a moment.",
}

_PROBLEM_HEADERS = {401: "WWW-Authenticate", 503: "Retry-After"}

PROBLEM_SCHEMA: Json = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Always `about:blank`: the status says what kind it is."},
        "title": {"type": "string", "description": "A short sentence, the same for each kind of problem."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is wrong here, and what to do."},
        "request_id": {"type": "string", "description": "Under which the log tells of the request."},
        "errors": {
            "type": "array",
            "description": "Each value that is wrong.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Its path in the JSON that was sent."},
                    "message": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def described(
    *, etag: int | None = None, location: bool = False, if_match: bool = False, if_none_match: bool = False
) -> Json:
    """What an operation adds to its description: the status whose answer has an ``ETag``, and so on."""
    extra: Json = {"parameters": [], "responses": {}}
    if etag is not None:
        extra["responses"][etag] = {"headers": {"ETag": _ETAG}}
    if location:
        extra["responses"].setdefault(201, {}).setdefault("headers", {})["Location"] = _LOCATION
    if if_match:
        extra["parameters"].append(_header("If-Match"))
        extra["responses"][412] = _problem(412)
    if if_none_match:
        extra["parameters"].append(_header("If-None-Match"))
        extra["responses"][304] = {"description": "It has not changed.", "headers": {"ETag": _ETAG}}
    return extra


class DescribedAPI(NinjaAPI):
    """A NinjaAPI whose document is complete, and made only once; what can be read also answers HEAD."""

    _document: OpenAPISchema | None = None

    def _get_bound_routers(self) -> list[BoundRouter]:
        routers = super()._get_bound_routers()
        for router in routers:
            for path in router.path_operations.values():
                _answer_head(path)
        return routers

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: Json | None = None
    ) -> OpenAPISchema:
        if self._document is None:
            document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            _complete(document)
            self._document = document
        return self._document


def _answer_head(path: PathView) -> None:
    # the server leaves the body out
    for operation in path.operations:
        if operation.methods == ["GET"]:
            operation.methods.append("HEAD")


def _complete(document: OpenAPISchema) -> None:
    components = document["components"]
    components["schemas"] = dict(sorted({**components["schemas"], "Problem": PROBLEM_SCHEMA}.items()))
    components["responses"] = {_name(status): _problem_response(status) for status in _PROBLEMS}
    for path, operations in document["paths"].items():
        operations.pop("head", None)  # goes without saying
        for method, operation in operations.items():
            _complete_operation(operation, path, method)


def _complete_operation(operation: Json, path: str, method: str) -> None:
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "integer", "format": "int64", "minimum": 1}
    if method in _UNSAFE:
        operation["parameters"].append(_header(IDEMPOTENCY_KEY))
    for status in _usual_problems(operation, path, method):
        operation["responses"].setdefault(status, _problem(status))
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _usual_problems(operation: Json, path: str, method: str) -> Iterator[int]:
    if operation.get("security"):
        yield from (401, 403)
    if "{" in path:
        yield 404
    if method in _UNSAFE:
        yield from (409, 413)
    if "requestBody" in operation:
        yield from (400, 415)
    yield from (422, 503)  # an unknown parameter at the least


def _header(name: str) -> Json:
    return {"in": "header", "name": name, "required": False, **_PARAMETERS[name]}


def _problem(status: int) -> Json:
    return {"$ref": f"#/components/responses/{_name(status)}"}


def _problem_response(status: int) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    response: Json = {"description": _PROBLEMS[status], "content": {CONTENT_TYPE: {"schema": schema}}}
    if header := _PROBLEM_HEADERS.get(status):
        response["headers"] = {header: {"schema": {"type": "string"}}}
    return response


def _name(status: int) -> str:
    return f"Problem{status}"
