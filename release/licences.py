"""Under which licence a distribution is, as an SPDX expression, and the texts it brings."""

from __future__ import annotations

import re
from importlib.metadata import Distribution

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

# Words of `License` and classifiers that are no SPDX expression; those that leave the number of clauses
# open ("BSD") are in STATED.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "LGPL v3": "LGPL-3.0-only",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "MIT and MPL-2.0": "MIT AND MPL-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}

# Where the metadata leave it open: read in the licence file of the distribution.
STATED = {
    "cssselect2": "BSD-3-Clause",
    "flask": "BSD-3-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "mitmproxy-linux": "MIT",
    "mitmproxy-rs": "MIT",
    "passlib": "BSD-3-Clause",
    "pyasn1-modules": "BSD-2-Clause",
    "pyperclip": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "tinycss2": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
    "zstandard": "BSD-3-Clause",
}

# What may be in a program that is handed on under Apache-2.0. LGPL and MPL hold for their own files,
# which pip installs beside ours and anybody can replace.
PERMITTED = frozenset((
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-2.1-only", "LGPL-3.0-only", "MIT", "MIT-0",
    "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib", "0BSD",
))  # fmt: skip

_TEXT = re.compile(r"\.dist-info/(?:.*/)?(?:licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)


class UnknownLicence(Exception):
    """The metadata of a distribution name no licence that is known here."""


def licence(found: Distribution) -> str:
    """An SPDX expression. Raises UnknownLicence, with the distribution and what it says."""
    name, metadata = canonicalize_name(found.name), found.metadata
    if name in STATED:
        return STATED[name]
    classifiers = [one for one in metadata.get_all("Classifier") or () if one.startswith("License ::")]
    fields = [metadata[field] for field in ("License-Expression", "License") if field in metadata]
    said = [*fields, *classifiers]
    for words in said:
        try:
            return str(canonicalize_license_expression(SPDX.get(words, words)))
        except InvalidLicenseExpression:
            continue
    first_lines = [words.partition("\n")[0] for words in said]
    raise UnknownLicence(
        f"{found.name} {found.version} says {first_lines or 'nothing'}: add its name to STATED in {__name__}"
    )


def not_permitted(expression: str) -> frozenset[str]:
    """What is not permitted of an expression; nothing if one of its alternatives is permitted altogether.

    Of an expression with brackets every licence counts."""
    parts = [expression] if "(" in expression else re.split(r"\bOR\b", expression)
    alternatives = [frozenset(_names(part)) for part in parts]
    refused = [names - PERMITTED for names in alternatives]
    return frozenset[str]() if frozenset() in refused else frozenset().union(*refused)


def _names(expression: str) -> list[str]:
    return [word for word in re.findall(r"[\w.+-]+", expression) if word not in ("AND", "OR")]


def texts(found: Distribution) -> dict[str, str]:
    """The licence files in a distribution, by their paths."""
    paths = [path for path in found.files or () if _TEXT.search(str(path))]
    return {str(path): path.read_text("utf-8") for path in sorted(paths)}
