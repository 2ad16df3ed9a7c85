"""A page with what was recorded of it → the third parties it contacts, on both sides, for each visitor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from consent_gateway.audit import policies
from consent_gateway.audit.findings import Carrier, Contact, Evidence, Side
from consent_gateway.audit.looking import Found, Looking
from consent_gateway.audit.ownership import HOLD, Owned
from consent_gateway.audit.recorded import Asked, Page, Recorded
from consent_gateway.audit.states import Visitor
from consent_gateway.urls import Address
from consent_gateway.visit import Visit

LONGEST_PATH = 200
DEEPEST = 5  # frames within frames, redirects after redirects


def contacts_of(
    page: Page, recorded: Recorded, looking: Looking, visitors: tuple[Visitor, ...]
) -> Iterator[Contact]:
    """What the page contacts directly, recorded or found in it, and what it still would through the gateway."""
    asked = [(key, one, recorded.carrier(page, key, one)) for (_, _, key), one in page.asked.items()]
    keys = {key for key, _, _ in asked}
    for visitor in visitors:
        visit = looking.visit(page.scheme, page.host, visitor)
        contact = _Contacts(page, visitor, visit, looking)
        for _, one, carrier in asked:
            yield from contact.made(Side.DIRECT, Found(one.address, carrier), Evidence.RECORDED)
        owned_by = [contact.owned(one.address, carrier) for _, one, carrier in asked]
        services = {owner.owner for owner in owned_by if owner and owner.kind == "service"}
        for found, key in page.in_page.items():
            if key not in keys and found.service not in services:
                yield from contact.made(Side.DIRECT, found, Evidence.IN_THE_PAGE)
        for found in page.left.get(visitor.state.id, ()):
            if not (
                found.service in services and visit.loads(found.service)
            ):  # what it asks for was recorded
                yield from contact.made(Side.THROUGH, found, Evidence.IN_THE_PAGE)
        protection = _Protection(page, recorded, contact)
        for found in page.by_files:
            if protection.lets(found) and not (found.service in services and visit.loads(found.service)):
                yield from contact.made(Side.THROUGH, found, Evidence.IN_THE_PAGE)
        for _, one, carrier in asked:
            if owned := protection.still(one, carrier):
                yield contact.of(Side.THROUGH, Found(one.address, carrier), Evidence.RECORDED, owned)


class _Contacts:
    """Makes the contacts of one page for one visitor."""

    def __init__(self, page: Page, visitor: Visitor, visit: Visit, looking: Looking) -> None:
        self.page = page
        self.visitor = visitor
        self.visit = visit
        self.looking = looking

    def owned(self, address: Address, carrier: Carrier) -> Owned | None:
        return self.looking.owned(Found(address, carrier), self.visit)

    def made(self, side: Side, found: Found, evidence: Evidence) -> Iterator[Contact]:
        if owned := self.looking.owned(found, self.visit):
            yield self.of(side, found, evidence, owned)

    def of(self, side: Side, found: Found, evidence: Evidence, owned: Owned) -> Contact:
        return owned.contact(
            page=self.page.label,
            state=self.visitor.state.id,
            side=side,
            host=found.address.host,
            path=found.address.rest.partition("?")[0][:LONGEST_PATH],
            carrier=found.carrier,
            evidence=evidence,
        )


class _Protection:
    """What of the recorded requests would still be made behind the gateway, of those that no markup makes."""

    def __init__(self, page: Page, recorded: Recorded, contact: _Contacts) -> None:
        self._page = page
        self._recorded = recorded
        self._contact = contact
        self._by_host = {one.address.host: one for one in reversed(page.asked.values())}
        self._policies = page.policies.get(contact.visitor.state.id, ())

    def still(self, asked: Asked, carrier: Carrier) -> Owned | None:
        """Whose it is, where the request would be made; None where it would not."""
        owned = self._contact.owned(asked.address, carrier)
        if owned is None or self._is_cut_off(asked):
            return None
        if asked.within and self._recorded.is_frame(asked.within):
            return self._in_frame(asked.within, owned)
        if carrier is Carrier.REDIRECT:
            by_other = asked.led_by in self._recorded.of_key  # what the site leads to is seen in its answer
            return owned if by_other and self._policy_allows(asked) else None
        if carrier is not Carrier.RUN_TIME:
            return None
        passes = self._contact.looking.passes(
            Found(asked.address, carrier),
            self._contact.visit,
            destination=asked.destination,
            guarded=self._page.guarded,
            enforced=self._policies,
        )
        return owned if passes else None

    def lets(self, found: Found) -> bool:
        """Whether what a script of the site's asks for gets out of the page: the code itself stays as it is."""
        return self._contact.looking.passes(
            found._replace(service=""),
            self._contact.visit,
            destination="script",
            guarded=self._page.guarded,
            enforced=self._policies,
        )

    def _is_cut_off(self, asked: Asked) -> bool:
        """Whether the frame, the code or the redirect that asked is held itself, or what asked for that."""
        for _ in range(DEEPEST):
            above = self._recorded.of_key.get(asked.led_by) or asked.within
            if above is None:
                return False
            owned = self._contact.owned(above, Carrier.IFRAME)
            if owned is not None and owned.decision == HOLD:
                return True
            next_one = self._by_host.get(above.host)
            if next_one is None or next_one is asked:
                return False
            asked = next_one
        return False

    def _in_frame(self, frame: Address, owned: Owned) -> Owned:
        """In a frame of another website the gateway decides nothing: it was decided about the frame."""
        of_frame = self._contact.owned(frame, Carrier.IFRAME)
        if of_frame is None:
            return owned
        return replace(
            owned,
            allowed=of_frame.allowed,
            decision=of_frame.decision,
            reason=f"in a frame of {frame.host}: {of_frame.reason}",
            article=of_frame.article,
        )

    def _policy_allows(self, asked: Asked) -> bool:
        host = self._contact.visit.request.hostname
        return policies.allowed(self._policies, asked.address, asked.destination, host)
