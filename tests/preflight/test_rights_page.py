"""The page of the rights."""

from pathlib import Path

import pytest

from chaosimagecorrupt.preflight.optional_rights import OPERATOR_RIGHTS, PULL_CHECK_RIGHTS
from chaosimagecorrupt.preflight.rights import RIGHTS, Right
from chaosimagecorrupt.preflight.rights_page import rights_page


@pytest.mark.parametrize("right", [*RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS], ids=lambda right: right.full_name)
def test_every_right_is_on_the_page_with_its_role(right: Right) -> None:
    assert f"| `{right.full_name}` | `{right.role}` |" in rights_page()


def test_the_page_in_the_docs_is_current() -> None:
    page = Path(__file__).parent.parent.parent / "docs" / "rights.md"
    assert page.read_text() == rights_page()
