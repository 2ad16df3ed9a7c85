"""The table of Google's endpoints, read once: what each is for and what becomes of a request to it."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from importlib import resources

from consent_gateway.datafile import Table, model_validator, parse

COLLECTING, JOINING = "/g/collect", "/g/s/collect"
ELSEWHERE = "/x/"  # before the host, where another than that of Analytics was meant


class Action(StrEnum):
    FILTER = "filter"
    SCRIPT = "script"
    ANSWER = "answer"


class Endpoint(Table):
    """One address, or a family of them with `*`. Without a host it is one of Analytics itself."""

    meaning: str
    action: Action
    host: str = ""
    path: str = "*"
    table: str = ""
    service: str = ""
    measure: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Endpoint:
        needs = {Action.FILTER: self.table, Action.SCRIPT: self.service, Action.ANSWER: self.measure}
        if not needs[self.action]:
            raise ValueError(f"{self.host}{self.path}: the action {self.action} needs more")
        if self.host and self.action is not Action.ANSWER:
            raise ValueError(f"{self.host}{self.path}: only Analytics itself is passed on")
        return self


class Endpoints(Table):
    """The endpoints in their order; the first that fits counts."""

    endpoint: tuple[Endpoint, ...]

    @cached_property
    def scripts(self) -> dict[str, str]:
        """The paths of the scripts that may come by way of the gateway, with the service that has to be
        released first."""
        return {one.path: one.service for one in self.endpoint if one.action is Action.SCRIPT}

    def find(self, path: str) -> Endpoint:
        """What an address below the gateway's path for Google is: `/g/collect`, `/x/host/path`."""
        host, own = "", path
        if path.startswith(ELSEWHERE):
            host, _, rest = path.removeprefix(ELSEWHERE).partition("/")
            own = f"/{rest}"
        fitting = (one for one in self.endpoint if _fits(one, host, own))
        return next(fitting, OTHER)

    def at_end(self, path: str) -> Endpoint:
        """The same for a path of the site's own, of which only the end says what it is; with any other
        end it is what relays hits."""
        passed_on = (one for one in self.endpoint if one.action is not Action.ANSWER)
        if found := next((one for one in passed_on if path.endswith(one.path)), None):
            return found
        return self.find(JOINING if path.endswith(JOINING) else COLLECTING)


OTHER = Endpoint(meaning="something else", action=Action.ANSWER, measure="M7")


def _fits(endpoint: Endpoint, host: str, path: str) -> bool:
    return (
        bool(endpoint.host) == bool(host)
        and fnmatchcase(host, endpoint.host)
        and fnmatchcase(path, endpoint.path)
    )


@lru_cache(maxsize=1)
def load() -> Endpoints:
    """The table. Raises datafile.Faulty."""
    text = resources.files(__package__).joinpath("endpoints.toml").read_text("utf-8")
    return parse(text, Endpoints, file="endpoints.toml")
