"""The consent gateway for mitmproxy's own tools:

    mitmdump --mode reverse:http://127.0.0.1:9000 -s addons/gateway.py \
        --set consent_site=site.toml --set consent_state=.consent-gateway

For development, mitmweb and replay; `consent-gateway serve` is what stands in front of a live site.
"""

from consent_gateway.proxy.script import GatewayScript

addons = [GatewayScript()]
