"""Gather what people read into catalogues of gettext, and compile the translations.

``python tools/texts.py`` writes ``django.pot`` (templates and Python) and ``djangojs.pot`` (scripts) into the folder of
the languages, brings each language's ``.po`` files up to date with them, and compiles those for Django.
``python tools/texts.py de`` begins a language.
"""

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "linecard"
LOCALE = SOURCE / "locale"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
Found = tuple[int, str | tuple[str, ...], list[str], str | None]


def gather_templates(source: str) -> Iterable[Found]:
    """The texts of a template. Babel reads the Python that Django makes of it, as one line, for it has no indents."""
    return _extract("python", " ".join(templatize(source).split("\n")))


def gather_python(source: str) -> Iterable[Found]:
    """The texts of a module."""
    return _extract("python", source)


def gather_scripts(source: str) -> Iterable[Found]:
    """The texts of a script."""
    return _extract("javascript", source)


def _extract(method: str, source: str) -> Iterable[Found]:
    return extract(method, BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})


def _own_files(pattern: str) -> Iterator[Path]:
    for path in sorted(SOURCE.glob(pattern)):
        if "vendor" not in path.relative_to(SOURCE).parts:
            yield path


def gather(domain: str) -> Catalog:
    """All texts of a domain: ``django`` or ``djangojs``, each with the files that it is in."""
    catalog = Catalog(header_comment="# Texts of Linecard.", charset="utf-8")
    kinds = (
        (("*/static/**/*.js", gather_scripts),)
        if domain == "djangojs"
        else (("**/*.py", gather_python), ("*/templates/**/*.html", gather_templates))
    )
    for pattern, read in kinds:
        for path in _own_files(pattern):
            for _, text, comments, context in read(path.read_text("utf-8")):
                place = path.relative_to(SOURCE).as_posix()
                catalog.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def compile_texts(catalog: Catalog, path: Path) -> None:
    """Write a language's texts as Django reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False)


def _bring_up_to_date(path: Path, language: str, template: Catalog) -> None:
    catalog = Catalog(locale=language, charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(template)
    _write(catalog, path)
    compile_texts(catalog, path)


def main(*begun: str) -> None:
    """Write the templates of all languages; bring the languages that there are, and those just begun, up to date."""
    settings.configure(USE_I18N=True)
    django.setup()
    languages = {path.parent.name for path in LOCALE.glob("*/LC_MESSAGES")} | set(begun)
    for domain in ("django", "djangojs"):
        template = gather(domain)
        _write(template, LOCALE / f"{domain}.pot")
        for language in sorted(languages):
            _bring_up_to_date(LOCALE / language / "LC_MESSAGES" / f"{domain}.po", language, template)
        sys.stdout.write(f"{domain}: {len(template)} texts\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
