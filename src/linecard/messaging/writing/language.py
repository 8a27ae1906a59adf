"""The template language: Liquid, cut down to what cannot run long, grow large, or reach anything but the fields.

There are no loops and no inclusion of other templates, and what filters may read is bounded, so the length of what
comes out is bounded by the length of the template times that of the fields. The library's own limits stand behind that.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps

from django.utils.translation import gettext
from liquid import Environment, StrictUndefined
from liquid.exceptions import LiquidError, OutputStreamLimitError
from liquid.static_analysis import TemplateAnalysis
from liquid.template import BoundTemplate

TAGS = frozenset("content output illegal if unless case assign capture comment # echo".split())
FILTERS = frozenset(
    "capitalize default downcase escape lstrip rstrip strip truncate truncatewords upcase url_encode".split()
)
# The library looks at all of a template's variables with each assignment, and at each filter's whole text.
MAX_TAGS, MAX_TAG_LENGTH, MAX_ASSIGNMENTS = 2_000, 500, 50
MAX_OUTPUT_BYTES = 6_000_000
# What all filters of a template may read while it is written: some make text longer, which others then read.
MAX_FILTERED = 1_000_000


_TAG = re.compile(r"\{[{%]")


class Unwritable(Exception):
    """A template cannot be written out for this recipient; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template, and where: lines and columns count from one."""

    message: str
    line: int
    column: int

    def __str__(self) -> str:
        place = gettext("Line {line}, column {column}").format(line=self.line, column=self.column)
        return f"{place}: {self.message}"


class BadTemplate(Exception):
    """A template has problems; at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


_left_to_read: ContextVar[int] = ContextVar("left_to_read", default=MAX_FILTERED)


def _bounded(work: Callable[..., object]) -> Callable[..., object]:
    @wraps(work)
    def read(value: object, *options: object, **named: object) -> object:
        left = _left_to_read.get() - len(str(value))
        _left_to_read.set(left)
        if left < 0:
            raise OutputStreamLimitError(gettext("its filters have too much to read"), token=None)
        return work(value, *options, **named)

    return read


class _Language(Environment):
    block_nesting_limit = 12
    context_depth_limit = 16
    loop_iteration_limit = 1
    local_namespace_limit = 200_000
    output_stream_limit = MAX_OUTPUT_BYTES

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: _bounded(work) for name, work in self.filters.items() if name in FILTERS}


@lru_cache(maxsize=2)
def _language(*, escapes: bool) -> Environment:
    return _Language(undefined=StrictUndefined, autoescape=escapes)


class Template:
    """A template that was read. ``fields`` are the names of those that it asks for.

    With ``escapes``, values are written so that they cannot become HTML.
    """

    def __init__(self, source: str, fields: Iterable[str], *, escapes: bool = False) -> None:
        """Raises ``BadTemplate`` for what is not the language, and for fields that are not offered."""
        if problem := _too_much(source):
            raise BadTemplate([problem])
        try:
            self._template: BoundTemplate = _language(escapes=escapes).from_string(source)
        except LiquidError as error:
            raise BadTemplate([_problem(source, error)]) from error
        except RecursionError as error:
            raise BadTemplate([Problem(gettext("It is nested too deeply."), 1, 1)]) from error
        analysis = self._template.analyze(include_partials=False)
        if problems := _unknown_names(analysis, source, frozenset(fields)):
            raise BadTemplate(problems)
        self.fields = frozenset(str(one) for found in analysis.globals.values() for one in found)
        # one may be assigned to in a branch that is not taken
        self._own_names = dict.fromkeys(analysis.locals, "")

    def write(self, values: Mapping[str, object]) -> str:
        """The text with its fields filled in. Raises ``Unwritable``."""
        _left_to_read.set(MAX_FILTERED)
        try:
            return self._template.render(**self._own_names, **values)
        except LiquidError as error:
            raise Unwritable(_message(error)) from error


def _too_much(source: str) -> Problem | None:
    """Whether there are more tags, or longer ones, than can be read and written in good time."""
    begun = count = 0
    while (begun := _next_tag(source, begun)) >= 0:
        count += 1
        end = source.find("}}" if source.startswith("{{", begun) else "%}", begun)
        if count > MAX_TAGS:
            told = gettext("There are more than {most:,} tags.").format(most=MAX_TAGS)
            return Problem(told, *_place(source, begun))
        if end - begun > MAX_TAG_LENGTH:
            told = gettext("This tag has more than {most:,} characters.").format(most=MAX_TAG_LENGTH)
            return Problem(told, *_place(source, begun))
        if end < 0:  # the library would look for the end of each tag up to the end of the text
            return Problem(gettext("This tag does not end."), *_place(source, begun))
        begun = end
    return None


def _next_tag(source: str, start: int) -> int:
    found = _TAG.search(source, start)
    return found.start() if found else -1


def _shadowing(analysis: TemplateAnalysis, source: str, offered: frozenset[str]) -> list[Problem]:
    """Names of one's own that hide a field, that have parts, or that are too many."""
    rooms = {name.partition(".")[0] for name in offered}
    problems = [
        Problem(
            gettext("{name} is a field, and cannot be assigned to.").format(name=name),
            *_place(source, found[0].span.index),
        )
        for name, found in analysis.locals.items()
        if name in rooms
    ]
    problems += [
        Problem(
            gettext("There is no field {name}.").format(name=str(one)[:80]), *_place(source, one.span.index)
        )
        for name, found in analysis.variables.items()
        if name in analysis.locals and name not in rooms
        for one in found
        if len(one.segments) > 1
    ]
    assigned = [span for tag in ("assign", "capture") for span in analysis.tags.get(tag, ())]
    if len(assigned) > MAX_ASSIGNMENTS:
        told = gettext("There are more than {most} assignments.").format(most=MAX_ASSIGNMENTS)
        problems.append(Problem(told, *_place(source, assigned[MAX_ASSIGNMENTS].index)))
    return problems


def _unknown_names(analysis: TemplateAnalysis, source: str, offered: frozenset[str]) -> list[Problem]:
    problems = _shadowing(analysis, source, offered)
    problems += [
        Problem(gettext("There is no filter {name}.").format(name=name[:80]), *_place(source, span.index))
        for name, spans in analysis.filters.items()
        if name not in FILTERS
        for span in spans
    ]
    for found in analysis.globals.values():
        for variable in found:
            if str(variable) in offered:
                continue
            told = gettext("There is no field {name}.").format(name=str(variable)[:80])
            problems.append(Problem(told, *_place(source, variable.span.index)))
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _problem(source: str, error: LiquidError) -> Problem:
    index = error.token.start_index if error.token is not None else len(source)
    return Problem(_message(error), *_place(source, index))


def _message(error: LiquidError) -> str:
    words = str(error.message or type(error).__name__)
    return f"{words[:1].upper()}{words[1:200].rstrip('.')}."


def _place(source: str, index: int) -> tuple[int, int]:
    before = source[: max(index, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
