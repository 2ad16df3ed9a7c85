"""What the pages of a site say of it, all together: their languages, where its privacy policy is, who runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from consent_gateway.site_values import LANGUAGES
from consent_gateway.survey.documents import Document

MOST_PROPOSALS = 500  # of a kind that are remembered: a page can make up any number


class SelfDescription:
    """Gathers it page by page; `is_own` says whether an address is the site's."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self._languages: Counter[str] = Counter()
        self._policies: dict[str, Counter[str]] = {}
        self._linked_on: dict[str, str] = {}
        self._proposals: dict[str, Counter[str]] = {}

    def take(self, document: Document, where: str) -> None:
        language = document.language
        if language:
            self._languages[language] += 1
        links = [(sure, address) for sure, address in document.policy_links() if self._is_own(address)]
        if links:
            address = max(links)[1]
            self._policies.setdefault(language, Counter())[address] += 1
            self._linked_on.setdefault(address, where)
        for key, text in document.proposals():
            if len(self._proposals.setdefault(key, Counter())) < MOST_PROPOSALS:
                self._proposals[key][text] += 1

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
        """What is said most often, by key."""
        return {key: found.most_common(1)[0][0] for key, found in sorted(self._proposals.items())}
