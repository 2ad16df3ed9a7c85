"""What a site asks about follows from its list of services."""

from __future__ import annotations

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.offer import Offer, offer
from consent_gateway.site import Site


def of(text: str, catalogue: Catalogue, *seen: str) -> Offer:
    return offer(parse(text, Site, file="f"), catalogue, seen)


def test_a_listed_site_asks_only_about_the_purposes_it_has_services_for(catalogue: Catalogue) -> None:
    asked = of("[services.google-analytics]\n[services.linkedin]\n", catalogue)
    assert [purpose.id for purpose in asked.purposes] == ["analytics", "analytics_linking", "social_media"]
    assert [purpose.id for purpose in asked.asked_first] == ["analytics", "social_media"]
    assert set(asked.services) == {"google-analytics", "linkedin"}


def test_a_bare_site_asks_about_every_purpose_and_names_what_was_seen(catalogue: Catalogue) -> None:
    asked = of("", catalogue, "youtube")
    assert [purpose.id for purpose in asked.purposes] == list(catalogue.purposes)
    assert set(asked.services) == {"youtube"}


def test_on_a_bare_site_a_service_seen_later_does_not_ask_again(catalogue: Catalogue) -> None:
    assert of("", catalogue).revisions == of("", catalogue, "youtube").revisions


def test_a_new_recipient_changes_the_revision_of_its_purpose_and_of_no_other(catalogue: Catalogue) -> None:
    before = of("[services.youtube]\n[services.linkedin]\n", catalogue).revisions
    after = of("[services.youtube]\n[services.vimeo]\n[services.linkedin]\n", catalogue).revisions
    assert before["social_media"] == after["social_media"]
    assert before["media"] != after["media"]


def test_a_tag_manager_is_named_once_although_it_needs_every_purpose(catalogue: Catalogue) -> None:
    asked = of("[services.google-tag-manager]\n[services.youtube]\n", catalogue)
    named = [
        purpose.id for purpose in asked.purposes for s in purpose.services if s.id == "google-tag-manager"
    ]
    assert named == ["marketing"]


def test_third_countries_follow_from_seat_and_transfer(catalogue: Catalogue) -> None:
    asked = of("[services.zoom]\n[services.linkedin]\n[services.xing]\n", catalogue)
    assert {id: set(s.third_countries) for id, s in asked.services.items()} == {
        "zoom": {"US"},
        "linkedin": {"US"},
        "xing": set(),
    }


def test_linking_is_asked_apart_and_never_part_of_accept_all(catalogue: Catalogue) -> None:
    asked = of("", catalogue)
    (linking,) = (purpose for purpose in asked.purposes if purpose.id == "analytics_linking")
    assert not linking.accept_all
    assert linking not in asked.asked_first


def test_a_cookie_of_the_sites_own_is_asked_about_and_binds_its_purpose_alone(catalogue: Catalogue) -> None:
    """CON-12"""
    services = "[services.youtube]\n[services.linkedin]\n"
    own = '[cookies.ab]\npurpose = "analytics"\nreason = "tests variants"\n'
    before, after = of(services, catalogue), of(services + own, catalogue)
    assert [purpose.id for purpose in after.purposes] == ["analytics", "media", "social_media"]
    assert {id: after.revisions[id] for id in before.revisions} == before.revisions
    assert [cookie.name for cookie in after.purposes[0].cookies] == ["ab"]
    for changed in (
        own.replace("variants", "prices"),
        own + 'duration = "session"\n',
        own.replace(".ab", ".ac"),
    ):
        assert of(services + changed, catalogue).revisions["analytics"] != after.revisions["analytics"]
    necessary = of(services + own.replace("analytics", "necessary"), catalogue)
    assert necessary.revisions == before.revisions


def test_on_a_bare_site_only_the_purpose_of_a_declared_cookie_is_asked_about_anew(
    catalogue: Catalogue,
) -> None:
    own = of('[cookies.ab]\npurpose = "analytics"\nreason = "x"\n', catalogue).revisions
    assert {id for id, revision in of("", catalogue).revisions.items() if own[id] != revision} == {
        "analytics"
    }


def test_a_cookie_that_never_passes_is_not_asked_about(catalogue: Catalogue) -> None:
    asked = of('[services.youtube]\n[cookies._ga]\npurpose = "analytics"\nreason = "x"\n', catalogue)
    assert [purpose.id for purpose in asked.purposes] == ["media"]


def test_where_statistics_are_not_to_be_combined_nobody_is_asked_about_it(catalogue: Catalogue) -> None:
    site = parse("[analytics]\nlinking = false\n[services.google-analytics]\n", Site, file="site.toml")
    assert [purpose.id for purpose in offer(site, catalogue).purposes] == ["analytics"]


def test_other_words_for_a_purpose_ask_again(catalogue: Catalogue) -> None:
    """CON-12"""
    plain, named = (
        parse(f"[services.youtube]\n{more}", Site, file="site.toml")
        for more in ("", '[purposes.media]\nname = "Films"\n')
    )
    first, second = (offer(site, catalogue).purposes[0].revision for site in (plain, named))
    assert first != second
