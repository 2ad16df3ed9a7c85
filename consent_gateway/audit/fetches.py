"""What a browser would fetch: one address, and what in the page makes it do so."""

from __future__ import annotations

from typing import NamedTuple

from consent_gateway.audit.findings import Carrier


class Fetch(NamedTuple):
    """An address of the network as a browser resolves it, and what carries it.

    At run time `service` is the service that code loads whose address does not stand in it (`address` is empty
    then), and `certain` is False for an address that code only names.
    """

    address: str
    carrier: Carrier
    service: str = ""
    certain: bool = True
