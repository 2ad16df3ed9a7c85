"""The audit for mitmproxy's own tools: whom each flow contacts, and what is decided about it before consent.

    mitmweb -r capture.flow -s addons/audit.py --set consent_site=site.toml
    mitmdump -s addons/audit.py --set consent_site=site.toml

It changes nothing: each flow to a third party gets a comment, a marker, metadata and a content view.
"""

from consent_gateway.proxy.observing import AuditScript

addons = [AuditScript()]
