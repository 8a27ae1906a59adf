"""A parameter that an operation does not know is refused, so that a misspelt filter never means "all"."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from linecard.kernel.errors import FieldError, Invalid

MAX_NAME_LENGTH = 60

Operation = Callable[..., Any]


def install_strict_parameters(api: NinjaAPI) -> None:
    """Let every operation refuse unknown and repeated query parameters. Call it before routers are added."""
    api.add_decorator(_strict, mode="operation")


def _strict(view: Operation) -> Operation:
    known = _query_parameters(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if errors := list(_errors(request, known)):
            raise Invalid(errors)
        return view(request, *args, **values)

    return wrapped


def _query_parameters(view: Operation) -> frozenset[str]:
    models = view._ninja_operation.models  # type: ignore[attr-defined]
    named = (model.__ninja_flatten_map__ for model in models if model.__ninja_param_source__ == "query")
    return frozenset(name for names in named for name in names)


def _errors(request: HttpRequest, known: frozenset[str]) -> Iterator[FieldError]:
    for name, values in request.GET.lists():
        if name not in known:
            yield FieldError(name[:MAX_NAME_LENGTH] or "query", "There is no such parameter.")
        elif len(values) > 1:
            yield FieldError(name, "Give this parameter once.")
