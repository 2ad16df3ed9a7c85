"""A service that no catalogue has, of a company that does not exist: a widget with reviews, and a frame with them."""

from __future__ import annotations

from pathlib import Path

SERVICE = """\
name = "Acme Reviews"
purposes = ["functional"]
treatment = "placeholder"
urls = ["*.acme.example"]
hosts = ["*.acme.example"]
boot = ['acme\\.example\\b']
data = ["ip_address", "browser", "page_address", "cookies"]
example = '''
<div class="acme-reviews"></div>
<script src="https://widget.acme.example/reviews.js" async></script>
'''
sources = ["https://www.acme.example/privacy"]
reviewed = 2026-11-29

[controller]
name = "Acme Reviews SIA"
country = "LV"
privacy_policy = "https://www.acme.example/privacy"

[transfer]
countries = ["US"]
basis = "clauses"

[[cookies]]
name = "acme_visitor"
party = "first"
duration = "6 months"

[[mounts]]
id = "reviews"
selectors = ["div.acme-reviews"]
alone = true
size = [0, 300]

[[mounts]]
id = "frame"
url = "widget.acme.example/frame/"
size = [400, 200]
alternative = "https://www.acme.example/shops/{1}"
capture = '/frame/([0-9]+)'
"""
NAME = "acme-reviews.toml"
SITE = f"""\
[third_parties]
unlisted = "hold"
services = ["{NAME}"]

[services.acme-reviews]
"""
PAGE = """<!doctype html>
<html lang="en"><head><title>A shop</title>
<script src="https://widget.acme.example/reviews.js" async></script></head>
<body><h1>A shop</h1>
<div class="acme-reviews"></div>
<iframe src="https://widget.acme.example/frame/4711" width="400" height="200"></iframe>
</body></html>
"""


def site_file(folder: Path, text: str = SITE, service: str = SERVICE) -> Path:
    """The site file in a folder, with the file of the service beside it."""
    (folder / NAME).write_text(service, encoding="utf-8")
    file = folder / "site.toml"
    file.write_text(text, encoding="utf-8")
    return file
