"""Templates are escaped, countries are named, static files have names that change with them."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from consent_gateway.datafile import Faulty
from consent_gateway.own_words import OwnWords
from consent_gateway.rendering import Rendering, script_json, templates_folder


@pytest.fixture
def own(tmp_path: Path) -> Rendering:
    (tmp_path / "x.html").write_text("{{ w.settings.link }} {{ value }}")
    (tmp_path / "say.html").write_text("{{ w.placeholder.activate | fill(service=value) }}")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a { color: __COLOUR__ }")
    return Rendering(templates_folder(), ("en", "de"), own=tmp_path, prefix="/.privacy")


def test_every_value_is_escaped(own: Rendering) -> None:
    """SEC-03"""
    assert own.render("x.html", "en", value="<b>&") == "Privacy settings &lt;b&gt;&amp;"
    assert own.render("say.html", "en", value="<b>") == "Load &lt;b&gt;"


def test_a_value_that_is_missing_is_an_error(own: Rendering) -> None:
    with pytest.raises(jinja2.UndefinedError):
        own.render("x.html", "en")


def test_what_goes_into_pages_is_ascii(own: Rendering) -> None:
    assert own.inserted("x.html", "de", value="ß") == b"Privatsph&#228;re-Einstellungen &#223;"


def test_a_static_file_has_a_name_that_follows_its_content(own: Rendering) -> None:
    red, blue = (own.add_static("a.css", {"__COLOUR__": colour}) for colour in ("red", "blue"))
    assert red.name != blue.name and red.name.startswith("a.") and red.name.endswith(".css")
    assert own.static(blue.name) == blue and own.static("a.css") is None
    assert own.static_path("a.css") == f"/.privacy/static/{blue.name}"


def test_a_word_to_be_replaced_must_be_there(own: Rendering) -> None:
    with pytest.raises(Faulty, match="does not contain"):
        own.add_static("a.css", {"__NOTHING__": "x"})
    with pytest.raises(FileNotFoundError):
        own.add_static("none.css")


def test_a_script_in_parts_is_served_as_one_in_one_scope(own: Rendering, tmp_path: Path) -> None:
    (tmp_path / "static" / "b").mkdir()
    (tmp_path / "static" / "b" / "20-after.js").write_text('// why\nfirst(() => {\n  f("//");\n});\n')
    (tmp_path / "static" / "b" / "10-before.js").write_text("const first = (f) => f();\n\n// after\n")
    assert own.add_static("b.js").content == (
        b'(() => {\n"use strict";\nconst first = (f) => f();\nfirst(() => {\nf("//");\n});\n})();\n'
    )


def test_a_part_of_a_script_is_replaced_by_the_operators_own(tmp_path: Path) -> None:
    part = tmp_path / "static" / "guard" / "80-place.js"
    part.parent.mkdir(parents=True)
    part.write_text("const OWN = 1;\n")
    rendering = Rendering(templates_folder(), ("en",), own=tmp_path, prefix="/.privacy")
    script = rendering.add_static("guard.js").content
    assert b"const OWN = 1;" in script and b"privacy-place" not in script and b"ownerOf" in script


def test_no_text_of_a_script_goes_over_several_lines_for_its_indentation_would_be_lost() -> None:
    for part in templates_folder().glob("static/*/*.js"):
        for number, line in enumerate(part.read_text(encoding="utf-8").splitlines(), 1):
            assert line.count("`") % 2 == 0 and not line.endswith("\\"), (part.name, number)


def test_json_in_a_script_cannot_end_it() -> None:
    assert "</script" not in script_json({"a": "</script>"})


def test_the_operator_calls_a_purpose_by_words_of_his_own() -> None:
    rendering = Rendering(templates_folder(), ("en", "de"), prefix="/.privacy")
    before = rendering.wording("en")["purposes"]["media"]
    rendering.name_purposes({"media": {"name": OwnWords.of({"en": "Films", "de": "Filme"})}})
    assert rendering.wording("de")["purposes"]["media"]["name"] == "Filme"
    assert rendering.wording("en")["purposes"]["media"] == {**before, "name": "Films"}
    assert rendering.wording("en")["purposes"]["marketing"]["name"] == "Advertising"
