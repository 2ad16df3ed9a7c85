"""Requests on their way to a webhook."""

from __future__ import annotations

from datetime import datetime

import aiohttp
import yarl

from consent_gateway.subject_requests.request import SubjectRequest
from consent_gateway.subject_requests.routes import NotDelivered
from consent_gateway.subject_requests.webhook import body_of, headers_of

_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)


class WebhookRoute:
    """Posts signed messages to one address; it follows no redirect and takes no proxy from the environment."""

    name = "webhook"

    def __init__(self, url: str, secret: bytes) -> None:
        self._url = yarl.URL(url)
        self._secret = secret

    async def send(self, request: SubjectRequest, now: datetime) -> None:
        """Raises NotDelivered for every answer but 2xx."""
        body = body_of(request)
        headers = headers_of(request.id, body, self._secret, now)
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as client,
                client.post(self._url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                if not 200 <= response.status < 300:
                    raise NotDelivered(f"answered {response.status}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotDelivered(type(error).__name__) from error
