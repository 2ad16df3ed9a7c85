"""The part about the site file: every table and key, from the classes that read it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from consent_gateway import catalogue, completeness, strictness
from consent_gateway.datafile import FieldInfo
from consent_gateway.reference import values
from consent_gateway.reference.declared import said_of
from consent_gateway.reference.markdown import anchor, code, table
from consent_gateway.retention import DEFAULTS
from consent_gateway.site import Site
from consent_gateway.site_keys import TableKeys, tables
from consent_gateway.theme import OWN, OWN_FONT, OWN_RADIUS

STRICT = {".".join(key): (reason, article) for key, _, reason, article, _ in strictness.OF_SITE}
ARTICLES = completeness.articles()
_HEAD = """## Site file

A TOML file for `--site`. [site-file.md](site-file.md) says how its tables play together; a whole one is
[example.toml](../consent_gateway/example.toml). An unknown key is refused. The column *needed*:

| | |
|---|---|
| always | without it the file is refused, once its table is there |
| `check` | without it `consent-gateway check` refuses the file, for the privacy policy has to say it; [a page of the site's own](site-file.md#a-privacy-policy-of-the-sites-own) may say it instead |
| `--strict` | `consent-gateway check --strict` looks at it, too |

"""
_WORDS = """### Words

What the operator says in his own words: one text for every language, or one for each,
`{ en = "Wish list", de = "Merkliste" }`. `check` wants every language of `[site] languages` (GDPR Art. 12(1)).

"""


def part() -> str:
    """All of it, in Markdown."""
    return f"{_HEAD}{''.join(_table(one) for one in tables() if one.name)}{_texts('measures')}{_WORDS}{_purposes()}"


def heading(name: str) -> str:
    """The heading of a table."""
    return f"`[{name}]`"


def _table(one: TableKeys) -> str:
    said = said_of(one.model)
    names = {id(field): name for name, field in one.model.model_fields.items()}
    rows = [_row(one.name, key, field, said.get(names[id(field)], "")) for key, field in one.keys.items()]
    return f"### {heading(one.name)}\n\n{_about(one)}\n\n{table(HEADINGS, rows)}\n"


HEADINGS = ("key", "value", "default", "what it says", "needed", "article")


def _about(one: TableKeys) -> str:
    lines = [" ".join((inspect.getdoc(one.model) or "").split())]
    above, _, named = one.name.partition(".")
    if named == "NAME" and (what := values.named(one.names)):
        lines.append(f"NAME: {what}.")
    if named == "NAME" and above in ARTICLES:
        lines.append(f"`check` wants one at least ({ARTICLES[above]}).")
    if named == "NAME" and above in STRICT:
        lines.append("With none at all, {} ({}): `--strict` refuses that.".format(*STRICT[above]))
    if above == "retention":
        own = [f"`{id}` {rule.period}" for id, rule in DEFAULTS.items()]
        lines.append(f"Without a table hold: {', '.join(own)}.")
    return " ".join(lines)


def _row(place: str, key: str, field: FieldInfo, said: str) -> tuple[str, ...]:
    name = f"{place}.{key}"
    text, article = values.without_article(said)
    articles = [article, ARTICLES.get(name, ""), STRICT.get(name, ("", ""))[1]]
    what = values.allowed(field)
    if what == "table":
        what = f"[table](#{anchor(heading(name))})"
    return (
        code(key),
        what,
        values.default(field) or code(_of_theme(place, key)),
        text,
        ", ".join(_needed(name, field)),
        "; ".join(dict.fromkeys(filter(None, articles))),
    )


def _needed(name: str, field: FieldInfo) -> Iterator[str]:
    if field.is_required():
        yield "always"
    elif name in ARTICLES:
        yield "`check`"
    if name in STRICT:
        yield "`--strict`"


def _of_theme(place: str, key: str) -> str:
    """The gateway's own colour or letters, which hold where a theme says nothing."""
    if place == "theme" and key in ("radius", "font"):
        return f'"{OWN_RADIUS}"' if key == "radius" else f"'{OWN_FONT}'"
    if place.partition(".")[0] != "theme" or key not in OWN:
        return ""
    return f'"{OWN[key][place == "theme.dark"]}"'


def _texts(key: str) -> str:
    """A table of nothing but words under names of the operator's."""
    text, article = values.without_article(said_of(Site)[key])
    rows = [("any name", "[words](#words)", "", text, "", article)]
    return f"### {heading(key)}\n\n{table(HEADINGS, rows)}\n"


def _purposes() -> str:
    rows = [
        (
            code(id),
            "yes" if one.accept_all else "no: asked apart",
            "yes" if one.yields_to_signal else "no",
            str(len(catalogue.load().of_purpose(id))),
        )
        for id, one in catalogue.load().purposes.items()
    ]
    columns = ("purpose", "in “accept all”", "objected to by `Sec-GPC` or `DNT`", "services")
    return f"### Purposes\n\nA cookie may also be `necessary`, which nobody is asked about.\n\n{table(columns, rows)}\n"
