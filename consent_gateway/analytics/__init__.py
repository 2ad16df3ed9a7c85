"""Measurement hits in, pseudonymised hits out."""

from __future__ import annotations

SERVICE = "google-analytics"  # its id in the catalogue
