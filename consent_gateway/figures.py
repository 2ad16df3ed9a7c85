"""What a gateway counts of itself, and how Prometheus reads it. No visitor is in it.

The format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PREFIX = "consent_gateway_"
COUNTER, GAUGE, HISTOGRAM = "counter", "gauge", "histogram"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
DURATION = "request_duration_seconds"

Samples = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    kind: str
    help: str


METRICS = (
    Metric("requests_total", COUNTER, "Requests by what they were: own, hit, document, passed or error."),
    Metric(DURATION, HISTOGRAM, "From a request to the end of its response."),
    Metric("pages_edited_total", COUNTER, "Documents and style sheets that left changed."),
    Metric("held_total", COUNTER, "Pages in which a service was held, by its id."),
    Metric("decisions_total", COUNTER, "Decisions of visitors that took effect, by kind."),
    Metric("grants_refused_total", COUNTER, "Grants without effect, because they could not be recorded."),
    Metric("ledger_seconds", GAUGE, "What the last record took to get into the ledger."),
    Metric("ledger_waiting", GAUGE, "Records that neither ledger nor journal has yet."),
    Metric("journal_waiting", GAUGE, "Records in the journal that the ledger could not take yet."),
    Metric("hits_total", COUNTER, "Measurement hits: forwarded or dropped."),
    Metric("hits_sent_total", COUNTER, "Forwarded hits that were answered."),
    Metric("hits_lost_total", COUNTER, "Forwarded hits that were not."),
    Metric(
        "workers_up",
        GAUGE,
        "Processes that answer; one that has said nothing of itself for 15 seconds does not count.",
    ),
    Metric("worker_deaths_total", COUNTER, "Workers that ended without being told to."),
)
_KIND = {metric.name: metric.kind for metric in METRICS}


class Figures:
    """Counts of one process, by name and label."""

    def __init__(self) -> None:
        self._samples: dict[str, float] = defaultdict(float)

    def add(self, name: str, number: float = 1, **labels: str) -> None:
        self._samples[_sample(name, labels)] += number

    def set(self, name: str, value: float) -> None:
        self._samples[name] = value

    def took(self, seconds: float) -> None:
        """A request did."""
        place = bisect_left(SECONDS, seconds)
        for bound in SECONDS[place:]:
            self.add(f"{DURATION}_bucket", le=str(bound))
        self.add(f"{DURATION}_bucket", le="+Inf")
        self.add(f"{DURATION}_sum", seconds)
        self.add(f"{DURATION}_count")

    @property
    def samples(self) -> dict[str, float]:
        """As they are now."""
        return dict(self._samples)


def together(several: Iterable[Samples]) -> dict[str, float]:
    """Of several processes: what is counted is added up, of a state the worst counts."""
    found: dict[str, float] = {}
    for samples in several:
        for sample, value in samples.items():
            before = found.get(sample, 0)
            found[sample] = max(before, value) if _is_gauge(sample) else before + value
    return found


def counted(samples: Samples) -> dict[str, float]:
    """Without states: what is left of a process that has ended."""
    return {sample: value for sample, value in samples.items() if not _is_gauge(sample)}


def exposition(samples: Samples) -> str:
    """The text that Prometheus reads."""
    lines = []
    for metric in METRICS:
        of_it = sorted(one for one in samples if _name(one) == metric.name)
        if metric.kind == HISTOGRAM:
            of_it = [one for one in _of_histogram() if one in samples]
        lines += [
            f"# HELP {PREFIX}{metric.name} {metric.help}",
            f"# TYPE {PREFIX}{metric.name} {metric.kind}",
        ]
        lines += [f"{PREFIX}{one} {samples[one]:.12g}" for one in of_it]
        if not of_it and metric.kind != HISTOGRAM:
            lines.append(f"{PREFIX}{metric.name} 0")
    return "\n".join(lines) + "\n"


def _sample(name: str, labels: Mapping[str, str]) -> str:
    """Values of labels are ids and words of our own, and need no escaping."""
    inner = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inner}}}" if inner else name


def _name(sample: str) -> str:
    return sample.partition("{")[0]


def _is_gauge(sample: str) -> bool:
    return _KIND.get(_name(sample)) == GAUGE


def _of_histogram() -> list[str]:
    """In the order in which they are read: by bound."""
    bounds = [_sample(f"{DURATION}_bucket", {"le": str(bound)}) for bound in (*SECONDS, "+Inf")]
    return [*bounds, f"{DURATION}_sum", f"{DURATION}_count"]
