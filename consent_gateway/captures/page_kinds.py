"""Which addresses of a site are pages that may be looked at, and which of them are of one kind."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl, unquote

from consent_gateway.urls import Address

LONGEST = 2000  # characters of an address; RFC 9110 4.1 wants 8000, no page is linked under more than this
DEEPEST = 8  # segments: what goes deeper is a loop of relative links far more often than a page
REPEATED = 3  # times that a segment may stand in a path, for the same reason

# What a browser shows as a page; a segment of figures after a dot is a version or a number.
_EXTENSIONS = frozenset(
    ("htm", "html", "xhtml", "shtml", "php", "php5", "phtml", "asp", "aspx", "jsp", "jspx", "jsf", "do", "action",
     "cfm", "cgi", "pl", "seam")
)  # fmt: skip
_EXTENSION = re.compile(r"\.([a-z][a-z0-9]{0,5})$", re.I)

# What a visitor clicks to end, change or put something somewhere, in the languages of the gateway, without accents,
# hyphens and case: some sites do by a link what HTTP wants done by a form (RFC 9110 9.2.1).
_ACTIONS = frozenset(
    """logout logoff signout signoff exit delete remove destroy erase trash cancel terminate revoke unsubscribe optout
    unfollow add addtocart addtobasket addtowishlist addtocompare basketadd cartadd vote approve reject publish
    unpublish disable deactivate reset purge flush uninstall
    wplogin wpadmin wplogout
    abmelden abmeldung ausloggen loschen loeschen entfernen abbestellen kundigen kuendigen stornieren widerrufen
    deconnexion deconnecter sedeconnecter supprimer effacer desinscription desabonner annuler retirer
    cerrarsesion desconectar salir eliminar borrar quitar cancelarsuscripcion anular
    disconnetti esci elimina cancella rimuovi annulla uitloggen afmelden verwijderen verwijder
    wyloguj usun wypisz anuluj loggaut radera tabort avsluta logud slet fjern annuller loggut slett
    kirjauduulos poista peruuta logivalja kustuta iziet dzest atsijungti istrinti odhlasit smazat odstranit zrusit
    odhlasenie vymazat kijelentkezes torles iesire deconectare sterge odjava obrisi izbrisi ukloni odstrani
    terminarsessao sair apagar remover izhod iztriy aposyndesi diagrafi cikis sil vyhid vydalyty utskra eyda
    """.split()
)
# A site that writes a session into its addresses has them without end; the others say where a click came from.
_OF_NO_PAGE = re.compile(r"utm_\w+|phpsessid|jsessionid|sessionid|sid|cftoken|cfid|aspsessionid\w*", re.I)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?]*", re.I)
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.I)
_WORDS = re.compile(r"[-_+. ]+")


def is_page(address: Address) -> bool:
    """Whether an address may be asked for as a page: no download, no action, no loop."""
    path = address.rest.partition("?")[0]
    segments = _segments(path)
    if len(address.url) > LONGEST or len(segments) > DEEPEST:
        return False
    if any(segments.count(one) >= REPEATED for one in segments):
        return False
    extension = _EXTENSION.search(path)
    if extension and extension[1].lower() not in _EXTENSIONS:
        return False
    return not any(map(_is_action, segments)) and not any(map(_is_action, _query_words(address)))


def plain_form(address: Address) -> str:
    """The address without what belongs to a session or a click, by which a page is known again."""
    path, _, query = address.rest.partition("?")
    path = _SESSION_IN_PATH.sub("", path)
    kept = [one for one in query.split("&") if one and not _OF_NO_PAGE.fullmatch(one.partition("=")[0])]
    return address._replace(rest=f"{path}?{'&'.join(kept)}" if kept else path).url


def kind_of(address: Address) -> tuple[int, str]:
    """The depth of a page, and a text that pages of one template have in common, as far as addresses tell:
    the folder they are in, and the names of what is asked for. At the top short words stand for themselves."""
    path, _, query = address.rest.partition("?")
    segments = _segments(path)
    if segments and _LANGUAGE.fullmatch(segments[0]):
        segments = segments[1:]
    names = sorted({re.sub(r"\d+", "#", name) for name, _ in parse_qsl(query, keep_blank_values=True)})
    shape = [_shape(one) for one in segments]
    if len(shape) > 1:
        shape[-1] = "*"
    return len(shape), "/".join(shape) + (f"?{'&'.join(names[:5])}" if names else "")


def _shape(segment: str) -> str:
    """A number, a date or an id is any of its kind, and so is the long name of an article."""
    if any(one.isdigit() for one in segment):
        return "#"
    return "*" if len(_WORDS.split(segment)) > 3 else segment.lower()


def _segments(path: str) -> list[str]:
    return [unquote(one) for one in path.split("/") if one]


def _query_words(address: Address) -> list[str]:
    pairs = parse_qsl(address.rest.partition("?")[2], keep_blank_values=True)
    return [word for pair in pairs for word in pair]


def _is_action(text: str) -> bool:
    """Whether a segment or parameter is called like an action, or begins so and is no title."""
    stem = _EXTENSION.sub("", text)
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = [one for one in _WORDS.split(letters) if one]
    return bool(words) and ("".join(words) in _ACTIONS or (len(words) <= 3 and words[0] in _ACTIONS))
