"""Certificates that somebody trusts: taken with remarks in any language, refused with a reason when they are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.delivery.smtp import require_certificates
from tests.peers.smtp import certificate


def test_remarks_between_them_are_of_no_account(tmp_path: Path) -> None:
    require_certificates(f"# Főtanúsítvány\n{certificate(tmp_path).read_text()}")


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        require_certificates(text)
