"""What failed, in words of ours: mitmproxy and h11 repeat in theirs what visitors and the site have sent."""

from __future__ import annotations

import os
import re

from consent_gateway.proxy import deadlines

HEAD_WITHOUT_END = "a head without end"

# What messages of mitmproxy 11.0.2 to 12.3.1, h11 and asyncio begin with; the first that fits.
# fmt: off
SENTENCES: tuple[tuple[str, str], ...] = (
    (re.escape(deadlines.LATE), "the site gave no answer in time"),
    (HEAD_WITHOUT_END, "the site sent a head without end"),
    (r"server closed connection", "the site closed the connection without an answer"),
    (r"unexpected server response", "the site closed the connection before the end of its head"),
    (r"Cannot parse HTTP response|Received .*from server, refusing", "the head of the site's answer is no valid HTTP"),
    (r"HTTP/1 protocol error: peer closed connection", "the connection was closed before the end of a body"),
    (r"HTTP/1 protocol error", "a body is not framed as HTTP demands"),
    (r"Multiple exceptions", "no address of the site can be reached"),
    (r"Received |(?i:invalid|unknown|bad|malformed|duplicate|multiple|unexpected|message with both) |HTTP request has no host",
     "the head of the request is no valid HTTP"),
    (r"Certificate verify failed: hostname mismatch", "the certificate of the site is for another host"),
    (r"Certificate verify failed: certificate has expired", "the certificate of the site has expired"),
    (r"Certificate verify failed", "the certificate of the site cannot be verified"),
    (r"The remote server does not speak TLS", "the site does not speak TLS"),
    (r"The remote server and mitmproxy cannot agree|OpenSSL", "no TLS could be agreed on with the site"),
    (r"\[Errno -\d+\]", "the name of the site cannot be looked up"),
    (r"connection cancelled", "the connection to the site was given up"),
)
# fmt: on
OTHERWISE = "for a reason that mitmproxy alone has a word for"

_SENTENCES = tuple((re.compile(begins, re.S), sentence) for begins, sentence in SENTENCES)
_OF_THE_SYSTEM = re.compile(r"(?:Multiple exceptions: )?\[Errno (\d{1,3})\]")


def in_our_words(message: str) -> str:
    """A sentence for what mitmproxy says of a flow; nothing of the message is in it but a number of errno(3)."""
    if found := _OF_THE_SYSTEM.match(message):
        return f"the site cannot be reached: {os.strerror(int(found[1]))}"
    return next((sentence for begins, sentence in _SENTENCES if begins.match(message)), OTHERWISE)
