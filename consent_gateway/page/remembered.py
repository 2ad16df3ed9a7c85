"""What is in documents that come again and again, so that each is read once and not for every visitor."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from threading import Lock

from consent_gateway.page.contents import Contents, Source

MOST_BYTES = 30_000_000  # of documents and of what is known of them
LARGEST = 2_000_000  # bytes: one document may not drive out all others
MOST_HASHES = 4096
# What is kept of a document beside its own bytes, in bytes (tracemalloc): of one with nothing in it, of each tag,
# attribute and element.
EACH, TAG, ATTRIBUTE, ELEMENT = 4_000, 300, 300, 800


class Remembered:
    """Keeps the contents of documents that came a second time unchanged, the latest. A page that is different
    each time, such as one with a token in it, takes up no room."""

    def __init__(self) -> None:
        self._lock = Lock()  # large pages are rewritten in threads
        self._known: OrderedDict[Source, Contents] = OrderedDict()
        self._weights: dict[Source, int] = {}
        self._data: Counter[bytes] = Counter()  # of those known: the same bytes may be at several addresses
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

    def knows(self, data: bytes) -> bool:
        """Whether a document of these bytes is known, wherever it was."""
        with self._lock:
            return data in self._data

    def _note(self, source: Source, found: Contents) -> None:
        name = hash(source)
        if name not in self._came_once:
            self._came_once[name] = None
            if len(self._came_once) > MOST_HASHES:
                self._came_once.popitem(last=False)
            return
        weight = weight_of(source, found)
        if weight > MOST_BYTES // 2:
            return
        self._bytes += weight - self._weights.get(source, 0)
        if source not in self._known:
            self._data[source.data] += 1
        self._known[source], self._weights[source] = found, weight
        while self._bytes > MOST_BYTES:
            oldest, _ = self._known.popitem(last=False)
            self._bytes -= self._weights.pop(oldest)
            self._data[oldest.data] -= 1
            if not self._data[oldest.data]:
                del self._data[oldest.data]


def weight_of(source: Source, found: Contents) -> int:
    """About how many bytes of memory it takes to keep what is in a document. A visitor chooses its address, also
    those of pages that there are not, and a stranger's markup may be all tags."""
    tags = found.reading.tags
    attributes = sum(len(tag.attributes(source.data)) for tag in tags)
    own = len(source.data) + len(source.url) + EACH
    inner = sum(len(document.content) for document in found.documents)
    return own + inner + TAG * len(tags) + ATTRIBUTE * attributes + ELEMENT * len(found.elements)
