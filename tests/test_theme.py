"""A theme changes the served CSS, and none is served that cannot be read."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from consent_gateway import datafile, site
from consent_gateway.catalogue import Catalogue
from consent_gateway.colours import Colour, contrast
from consent_gateway.rendering import templates_folder
from consent_gateway.theme import OWN, OWN_FONT, OWN_RADIUS, PAIRS, Theme, css, faults
from tests.asking import Asking
from tests.conftest import ROOT, MakeGateway

STYLES = sorted(templates_folder().glob("static/*.css"))


def themed(text: str) -> Theme:
    return datafile.parse(text, Theme, file="site.toml")


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.over} on {pair.on}")
def test_the_gateways_own_colours_can_be_read(pair: tuple[str, str, float, str], scheme: int) -> None:
    """A11Y-04"""
    over, on, least, _ = pair
    assert contrast(Colour.parse(OWN[over][scheme]), Colour.parse(OWN[on][scheme])) >= least


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_the_css_knows_the_same_colours_as_the_check(file: Path) -> None:
    """A11Y-04"""
    used = re.findall(r"var\(--privacy-([a-z-]+), ([^()]+)\)", file.read_text("utf-8"))
    assert used
    known = {name.replace("_", "-"): light for name, (light, _) in OWN.items()}
    known |= {f"{name.replace('_', '-')}-dark": dark for name, (_, dark) in OWN.items()}
    for name, value in used:
        if name not in ("radius", "font"):
            assert known[name] == value, name


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_no_colour_stands_in_the_css_but_those(file: Path) -> None:
    """A11Y-04"""
    text = re.sub(r"var\(--privacy-[a-z-]+, #[0-9a-f]{6}\)|/\*.*?\*/|@supports .*", "", file.read_text())
    text = re.sub(r"--_shadow: .*|box-shadow: .*", "", text)
    assert re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\([^)]*\)", text) == []


def test_each_illegible_pair_is_named_with_its_figure() -> None:
    """A11Y-04, BAN-02"""
    found = dict(faults(themed('text = "#888"\n[dark]\nsurface = "#ffffff"\n')))
    assert found[("theme", "text")] == (
        "contrast of text #888888 on surface_quiet #eef2f7 is 3.15:1, at least 4.5:1 is needed (WCAG 1.4.3)"
    )
    assert "contrast of line #7d8a9c on surface #ffffff" not in found.values()
    assert ("theme", "dark", "surface") in found


def test_a_site_file_with_an_illegible_theme_is_refused_with_line_and_key(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[theme]\nradius = "2px"\naccent = "#ffd400"\n')
    with pytest.raises(datafile.Faulty) as refused:
        site.read(file, catalogue)
    first = str(refused.value.faults[0])
    assert first.startswith(
        f"{file}:3: theme.accent: contrast of accent #ffd400 on surface #ffffff is 1.43:1, "
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('accent = "blue;}"', "must be a colour as #hex"),
        ('radius = "50%"', "must be a length"),
        ('font = "x; } body { display: none"', "names of fonts"),
        ('font = "url(https://fonts.example)"', "names of fonts"),
        ('colour = "#000"', "unknown key"),
    ],
)
def test_what_could_break_out_of_the_css_is_refused(text: str, reason: str) -> None:
    with pytest.raises(datafile.Faulty, match=reason):
        themed(text)


def test_a_theme_stands_in_every_style_sheet_and_gives_way_to_the_sites_own() -> None:
    rule = css(themed('accent = "rgb(122 31 92)"\nfont = "Georgia, serif"\n[dark]\non_accent = "#000"\n'))
    assert rule == (
        ":where(:root) { --privacy-accent: #7a1f5c; --privacy-font: Georgia, serif; --privacy-on-accent-dark: #000000; }\n"
    )
    assert css(Theme()) == ""


@pytest.mark.parametrize("name", ["notice", "settings", "pages"])
def test_notice_and_pages_are_served_with_the_theme(
    name: str, make_gateway: MakeGateway, now: datetime
) -> None:
    visitor = Asking(make_gateway('[theme]\naccent = "#7a1f5c"\n'), now)
    html = visitor.page("<html><body><p>Text.</p></body></html>").body.decode()
    html += visitor.reply("GET", "/.privacy/preferences").response.body.decode()
    sheet = re.search(rf'href="(/\.privacy/static/{name}\.[0-9a-f]+\.css)"', html)
    assert sheet
    served = visitor.reply("GET", sheet[1]).response.body
    assert served.startswith(b":where(:root) { --privacy-accent: #7a1f5c; }\n")


def test_the_documentation_shows_the_defaults() -> None:
    text = (ROOT / "docs" / "site-file.md").read_text("utf-8")
    shown = re.search(r"```toml\n(\[theme\].*?)```", text, re.S)
    assert shown
    theme = tomllib.loads(shown[1])["theme"]
    assert {name: (theme[name], theme["dark"][name]) for name in OWN} == OWN


@pytest.mark.parametrize("name", ["notice", "pages"])
def test_radius_and_font_are_those_of_the_style_sheets(name: str) -> None:
    sheet = (ROOT / "templates" / "static" / f"{name}.css").read_text("utf-8")
    assert f"var(--privacy-radius, {OWN_RADIUS})" in sheet
    assert f"var(--privacy-font, {OWN_FONT})" in sheet
