"""The style sheets that are parts of vendored ones."""

from pathlib import Path

import pytest

from tools.styles import SHEETS, Sheet, class_names, used, without_unread

RELEASE = """/*! theirs */
/* a remark */
.used > td, .unknown td, td:not(.other) { color: var(--read); --unread: 1px }
.unknown { color: red }
legend+* { float: none }
@media print { .unknown { color: red } .used { color: blue } }
@media screen { .unknown { color: red } }
@keyframes turn { to { opacity: 0 } }
"""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.path.name)
def test_they_are_up_to_date(sheet: Sheet) -> None:
    assert sheet.path.read_text() == sheet.text(), "Run python tools/styles.py"


def test_rules_that_may_apply_are_kept(tmp_path: Path) -> None:
    release = tmp_path / "theirs" / "all.css"
    release.parent.mkdir()
    release.write_text(RELEASE)
    part = "".join(used(release, {"used"}))
    assert without_unread(part, "").splitlines() == [
        "/*! From theirs/all.css: the part that is used. */",
        "/*! theirs */",
        ".used > td,td:not(.other){color: var(--read);}",
        "@media print {",
        ".used{color: blue}",
        "}",
        "@keyframes turn { to { opacity: 0 } }",
    ]
    assert "--unread: 1px" in without_unread(part, "getPropertyValue('--unread')")


def test_class_names_are_found_where_they_stand(tmp_path: Path) -> None:
    template, script = tmp_path / "a.html", tmp_path / "a.js"
    template.write_text("""<p class="one {% if a == "b" %}two{% endif %} three-{{ four }}">prose</p>""")
    script.write_text("""element("span", "five six", `state seven-${eight}`); // prose""")
    assert {"one", "two", "three-"} <= class_names(template)
    assert {"five", "six", "state", "seven-"} <= class_names(script)
    assert "prose" not in class_names(template) | class_names(script)
