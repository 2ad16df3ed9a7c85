"""The policy that is in force, by its hash."""

from __future__ import annotations

import hashlib

from consent_gateway.catalogue import Catalogue
from tests.policies import EXAMPLE, in_force, without


def test_it_goes_by_the_hash_of_its_facts(catalogue: Catalogue) -> None:
    """POL-03"""
    current = in_force(EXAMPLE, catalogue)
    assert current.hash == hashlib.sha256(current.text.encode()).hexdigest()
    assert current.hash == in_force(EXAMPLE, catalogue).hash
    assert current.hash != in_force(EXAMPLE.replace("14 days", "15 days"), catalogue).hash


def test_without_a_list_of_services_it_is_no_version_by_itself(catalogue: Catalogue) -> None:
    assert in_force(EXAMPLE, catalogue).is_to_be_kept
    assert not in_force(without("services"), catalogue).is_to_be_kept
