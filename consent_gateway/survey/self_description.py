"""What the pages of a site say of it, all together: languages, its privacy policy, who runs it, what it stores data for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from consent_gateway.captures.domains import registrable
from consent_gateway.site_values import LANGUAGES
from consent_gateway.survey.documents import Document
from consent_gateway.survey.officers import is_for_privacy, officer_in, privacy_addresses
from consent_gateway.survey.policy_words import weight
from consent_gateway.urls import resolve

MOST_PROPOSALS = 500  # of a kind that are remembered: a page can make up any number


class SelfDescription:
    """Gathers it page by page; `is_own` says whether an address is the site's."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self._languages: Counter[str] = Counter()
        self._policies: dict[str, Counter[str]] = {}
        self._linked_on: dict[str, str] = {}
        self._proposals: dict[str, Counter[str]] = {}
        self._purposes: dict[str, str] = {}

    def take(self, document: Document, where: str) -> None:
        language = document.language
        if language:
            self._languages[language] += 1
        links = [(sure, address) for sure, address in document.policy_links() if self._is_own(address)]
        if links:
            address = max(links)[1]
            self._policies.setdefault(language, Counter())[address] += 1
            self._linked_on.setdefault(address, where)
        for purpose, address in document.purposes():
            if self._is_own(address):
                self._purposes.setdefault(purpose, where)
        for key, text in [*document.proposals(), *self._of_policy(document)]:
            if len(self._proposals.setdefault(key, Counter())) < MOST_PROPOSALS:
                self._proposals[key][text] += 1

    def _of_policy(self, document: Document) -> Iterator[tuple[str, str]]:
        """Whom to write to, where the page is a privacy policy: by a link to it, or by its path."""
        linked = any(document.address in found for found in self._policies.values())
        where = resolve(document.address, document.address)
        if not where or not (linked or weight("", where.rest)):
            return
        lines = document.lines()
        for mail in privacy_addresses(lines):
            if registrable(mail.rpartition("@")[2].lower()) == registrable(where.host):  # not one of Google's
                yield "contact", mail
        if officer := officer_in(lines):
            yield "data_protection_officer", officer

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the gateway has, most pages first."""
        return tuple(one for one, _ in self._languages.most_common() if one in LANGUAGES)

    @property
    def policies(self) -> dict[str, str]:
        """The address that most pages of a language lead to."""
        return {
            language: max(found, key=lambda one: (found[one], one))
            for language, found in self._policies.items()
        }

    @property
    def policy_linked_on(self) -> str:
        """A page that leads to the first of them."""
        found = self.policies
        first = next((found[one] for one in self.languages if one in found), next(iter(found.values()), ""))
        return self._linked_on.get(first, "")

    @property
    def proposals(self) -> dict[str, str]:
        """What is said most often, by key; of addresses one that is for data protection goes before."""
        return {
            key: max(found, key=lambda one: (key == "contact" and is_for_privacy(one), found[one]))
            for key, found in sorted(self._proposals.items())
        }

    @property
    def purposes(self) -> dict[str, str]:
        """What data are stored for, as far as forms and links tell, with the first page that has it."""
        return dict(self._purposes)
