"""Every layer that a visitor may come to see is looked at, before and after choosing."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.datafile import parse
from consent_gateway.fairness import site_page
from consent_gateway.site import Site
from tests.fairness.conftest import Judge, built_in, changed

SITE = '[controller]\nname = "Example AG"\n[services.google-analytics]\n[services.youtube]\n[services.facebook]\n'
ASKED_FIRST = '<div data-part="answers">'


def seen(judge: Judge, name: str, condition: str) -> bool:
    """Whether a template is shown at least once on this condition."""
    before, middle, after = built_in(name).rpartition("{% endblock %}" if name == "error.html" else "</")
    bad = f"{{% if {condition} %}}<i onclick='x'></i>{{% endif %}}"
    return any(
        "<i> brings code of its own" in fault for fault in judge({name: before + bad + middle + after}, SITE)
    )


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("notice.html", "changed"), ("notice.html", "not changed"), ("said.html", "true"), ("undo.html", "true"),
        ("settings.html", "true"), ("error.html", "true"),
        *(("placeholder.html", f"size == '{size}'") for size in ("large", "medium", "small")),
        ("placeholder.html", "compact"), ("placeholder.html", "shares"),
    ],
)  # fmt: skip
def test_it_is_seen(judge: Judge, name: str, condition: str) -> None:
    assert seen(judge, name, condition)


def test_who_objects_by_signal_need_not_be_asked_about_what_that_refuses(judge: Judge) -> None:
    """A site with nothing but marketing brings no notice to a browser that sends Sec-GPC."""
    assert judge({}, "[services.hotjar]\n") == []


def test_a_plug_in_that_visitors_may_release_is_in_the_page(catalogue: Catalogue) -> None:
    site = parse(SITE, Site, file="site.toml")
    address = site_page.frame(site, catalogue)
    assert "youtube" in address or "facebook" in address
    assert site_page.html("de", address).count(f'src="{address}"') == len(site_page.SIZES)


def test_what_the_notice_has_to_name_is_what_it_asks_about(judge: Judge) -> None:
    """BAN-06"""
    own = changed("_notice_text.html", "w.purposes[purpose.id].name", "w.purposes.media.name")
    assert any("does not say what for: Statistics" in fault for fault in judge(own, SITE))
