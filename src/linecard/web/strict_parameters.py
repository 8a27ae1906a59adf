"""A parameter that an operation does not know is refused, so that a misspelt filter never means "all"."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI

from linecard.kernel.errors import FieldError, Invalid

MAX_NAME_LENGTH = 60

Operation = Callable[..., Any]


def install_strict_parameters(api: NinjaAPI) -> None:
    """Let every operation refuse unknown and repeated query parameters, fields of forms and files.

    Call it before routers are added.
    """
    api.add_decorator(_strict, mode="operation")


def _strict(view: Operation) -> Operation:
    known = {source: _names(view, source) for source in ("query", "form", "file")}

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if errors := list(_errors(request, known)):
            raise Invalid(errors)
        return view(request, *args, **values)

    return wrapped


def _names(view: Operation, source: str) -> frozenset[str]:
    models = view._ninja_operation.models  # type: ignore[attr-defined]
    found = [model for model in models if model.__ninja_param_source__ == source]
    named = (getattr(model, "__ninja_flatten_map__", model.model_fields) for model in found)
    return frozenset(name for names in named for name in names)


def _errors(request: HttpRequest, known: dict[str, frozenset[str]]) -> Iterator[FieldError]:
    yield from _unknown(request.GET, known["query"], "parameter")
    if known["form"] or known["file"]:  # a form is looked at only where one is expected
        yield from _unknown(request.POST, known["form"], "field")
        yield from _unknown(request.FILES, known["file"], "file")


def _unknown(given: MultiValueDict[str, Any], known: frozenset[str], kind: str) -> Iterator[FieldError]:
    for name, values in given.lists():
        if name not in known:
            yield FieldError(name[:MAX_NAME_LENGTH] or kind, f"There is no such {kind}.")
        elif len(values) > 1:
            yield FieldError(name, f"Give this {kind} once.")
