"""A consent and tracking gateway: it stands in front of a website and keeps its privacy policy."""

__version__ = "0.1.0"
