"""The reference for operators, made from the code: site file, commands, paths, catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from consent_gateway.reference import commands, paths, services, site_file
from consent_gateway.reference.markdown import contents

_HEAD = """# Reference

*This page is made from the code by `make docs`, and so is the [catalogue](reference-catalogue.md) of services.* For how
things are done see the pages for [operators](operators.md), [QA](qa.md) and [developers](developers.md).

"""
_CATALOGUE = """## Catalogue

Every service that a site file can name is in the [catalogue](reference-catalogue.md), by purpose.
"""


def pages() -> Mapping[str, str]:
    """The pages in Markdown by the names of their files."""
    parts = f"{site_file.part()}{commands.part()}{paths.part()}\n{_CATALOGUE}"
    return {
        "reference.md": f"{_HEAD}{contents(parts)}\n{parts}",
        "reference-catalogue.md": services.page(),
    }
