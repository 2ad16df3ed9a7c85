"""Every command and every piece of Python in the documents of operators works as printed, from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.following import OF_OPERATORS, among, follow


@pytest.mark.slow
@pytest.mark.parametrize("document", among(OF_OPERATORS), ids=lambda document: document.name)
def test_what_a_document_says_can_be_done(document: Path, tmp_path: Path) -> None:
    follow(document, tmp_path)
