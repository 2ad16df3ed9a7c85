"""Measurement hits in, pseudonymised hits out."""

from __future__ import annotations

from collections.abc import Mapping

# The scripts of Google's that go through the gateway, by path, with the service that has to be
# released first. Universal Analytics has none: Google no longer processes its hits.
SCRIPTS: Mapping[str, str] = {
    "/gtag/js": "google-analytics",
    "/gtag/destination": "google-analytics",
    "/gtm.js": "google-tag-manager",
}
