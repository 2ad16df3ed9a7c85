"""What is in documents that come again and again, so that each is read once and not for every visitor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from consent_gateway.page.contents import Contents, Source

MOST_BYTES = 8_000_000  # of documents; what is known of them takes two to three times as much (tracemalloc)
LARGEST = 2_000_000  # bytes: one document may not drive out all others
MOST_HASHES = 4096


class Remembered:
    """Keeps the contents of documents that came a second time unchanged, the latest. A page that is different
    each time, such as one with a token in it, takes up no room."""

    def __init__(self) -> None:
        self._lock = Lock()  # large pages are rewritten in threads
        self._known: OrderedDict[Source, Contents] = OrderedDict()
        self._bytes = 0
        self._came_once: OrderedDict[int, None] = OrderedDict()

    def contents(self, source: Source, read: Callable[[Source], Contents]) -> Contents:
        """What is in a document; `read` is asked where that is not known."""
        with self._lock:
            if known := self._known.get(source):
                self._known.move_to_end(source)
                return known
        found = read(source)
        if len(source.data) <= LARGEST:
            with self._lock:
                self._note(source, found)
        return found

    def _note(self, source: Source, found: Contents) -> None:
        name = hash(source)
        if name not in self._came_once:
            self._came_once[name] = None
            if len(self._came_once) > MOST_HASHES:
                self._came_once.popitem(last=False)
            return
        if source not in self._known:
            self._bytes += len(source.data)
        self._known[source] = found
        while self._bytes > MOST_BYTES:
            oldest, _ = self._known.popitem(last=False)
            self._bytes -= len(oldest.data)
