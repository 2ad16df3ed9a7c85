"""The beginning of a file that adds a service to the catalogue: what its address tells, and a blank for each fact."""

from __future__ import annotations

import re
from datetime import date

from consent_gateway.captures.domains import registrable
from consent_gateway.catalogue import Catalogue
from consent_gateway.catalogue.additions import LINKING, owner_of
from consent_gateway.catalogue.codes import word_of
from consent_gateway.urls import Address, Pattern

_SKELETON = """\
# {host}, which the catalogue of Consent Gateway does not have.
# 1. Save this as {id}.toml beside the site file, and fill in what is empty: visitors read it.
# 2. In the site file:
#        [third_parties]
#        services = ["{id}.toml"]
#
#        [services.{id}]
# 3. consent-gateway check site.toml says what is missing still.
name = ""                     # what visitors know it by
purposes = []                 # one of {purposes}
treatment = "placeholder"     # or "removal", for what nobody sees; then without [[mounts]]
urls = ["{pattern}"]{room}# its own addresses; "*." is all below, too; with a path on a host that is not all its own
hosts = ["{pattern}"]{room_of_hosts}# whom it contacts once it is loaded
{boot}
data = ["ip_address", "browser", "page_address"]  # what reaches it; perhaps "cookies", "usage"
example = '''
{example}
'''
sources = ["in pages of the site, seen on {on}"]  # where these facts are from; its privacy policy
reviewed = {on}

[controller]                  # the company behind it (GDPR Art. 13(1)(e))
name = ""
country = ""                  # where it has its seat: "DE"
privacy_policy = ""           # an https address

# [transfer]                  # if data go to countries outside the European Economic Area (GDPR Art. 44 to 46)
# countries = ["US"]
# basis = "clauses"           # or "adequacy_or_clauses"

[[mounts]]                    # as a frame: its usual size in CSS pixels, 0 for fluid
id = "frame"
url = "{pattern}"
size = [0, 400]

# [[mounts]]                  # as an element of the page that its script draws into
# id = "widget"
# selectors = ["div.{id}-widget"]
# alone = true                # the element is enough to know it by
# size = [0, 300]

# [[cookies]]
# name = "visitor"
# party = "third"             # or "first": kept on the site's own host
# duration = "1 year"         # or "session", or "set by the provider"
"""
_COLUMN = 30


def skeleton(address: Address, known: Catalogue, on: date) -> str:
    """The text of the file; `check` names each blank that is left in it. Raises urls.BadPattern for what is no
    host on the internet."""
    Pattern.parse(address.host)
    domain = registrable(address.host)
    below = f"*.{domain}"
    pattern = below if "." in domain and not owner_of(below, known) else address.host
    id = re.sub(r"[^a-z0-9-]", "-", domain.partition(".")[0]).strip("-") or "service"
    return _SKELETON.format(
        host=address.host,
        id=id if id not in known.services and id not in known.groups else f"own-{id}",
        purposes=", ".join(f'"{one}"' for one in known.purposes if one != LINKING),
        pattern=pattern,
        room=_room(f'urls = ["{pattern}"]'),
        room_of_hosts=_room(f'hosts = ["{pattern}"]'),
        boot=_boot(pattern.removeprefix("*.")),
        example=_example(address),
        on=on.isoformat(),
    )


def _room(line: str) -> str:
    return " " * max(_COLUMN - len(line), 2)


def _boot(host: str) -> str:
    expression = f"{re.escape(host)}\\b".replace("\\-", "-")
    try:
        word_of(expression)
    except ValueError:
        return "# boot = []                 # expressions over code of the page that loads it"
    line = f"boot = ['{expression}']"
    return f"{line}{_room(line)}# an expression over code of the page that loads it"


def _example(address: Address) -> str:
    """As a page has it; without a query, which may be about somebody."""
    url = address._replace(rest=address.rest.partition("?")[0]).url.replace("'", "%27").replace('"', "%22")
    return (
        f'<script src="{url}" async></script>'
        if url.endswith((".js", ".mjs"))
        else f'<iframe src="{url}"></iframe>'
    )
