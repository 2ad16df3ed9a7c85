"""The policy that is in force, with the hash it goes by and the versions there were."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from consent_gateway.policy import Policy
from consent_gateway.policy_facts import facts, text_of
from consent_gateway.policy_page import Version
from consent_gateway.record import hash_of
from consent_gateway.rendering import Rendering


@dataclass(frozen=True)
class PolicyInForce:
    """A policy as decisions refer to it. `versions` are those that were kept, oldest first; the last is the
    one in force, but for a site that has not named its services yet: there is none to be kept then.

    The facts are those of a browser that comes by `scheme`; by another, cookies go by other names."""

    policy: Policy
    scheme: str
    rendering: Rendering
    versions: tuple[Version, ...] = ()

    @cached_property
    def text(self) -> str:
        """Its facts, for machines and the ledger."""
        return text_of(facts(self.policy, scheme=self.scheme, wording=self.rendering.policy_digest))

    @cached_property
    def hash(self) -> str:
        return hash_of(self.text)

    @property
    def is_to_be_kept(self) -> bool:
        """Whether it is a version by itself: without a list of services it changes as these are found."""
        return self.policy.site.services is not None
