"""What links to a privacy policy are called, in the languages of the gateway: in lower case, the more telling first."""

from __future__ import annotations

# Each is looked for in the words of a link, and without them in its path. None is a word of another matter: "data"
# alone would find any file.
BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "en": ("privacy policy", "privacy notice", "privacy statement", "data protection", "privacy"),
    "bg": ("политика за поверителност", "защита на личните данни", "поверителност", "лични данни"),
    "cs": ("zásady ochrany osobních údajů", "ochrana osobních údajů", "osobní údaje", "soukromí"),
    "da": ("privatlivspolitik", "persondatapolitik", "databeskyttelse", "privatliv"),
    "de": ("datenschutzerklärung", "datenschutzhinweise", "datenschutz"),
    "el": ("πολιτική απορρήτου", "προστασία δεδομένων", "προσωπικών δεδομένων", "προσωπικά δεδομένα", "απόρρητο"),
    "es": ("política de privacidad", "protección de datos", "privacidad"),
    "et": ("privaatsuspoliitika", "privaatsus", "andmekaitse", "isikuandmete"),
    "fi": ("tietosuojaseloste", "rekisteriseloste", "tietosuoja"),
    "fr": ("politique de confidentialité", "protection des données", "données personnelles", "confidentialité", "vie privée"),
    "ga": ("polasaí príobháideachais", "príobháideach", "cosaint sonraí"),
    "hr": ("politika privatnosti", "pravila privatnosti", "zaštita osobnih podataka", "privatnost"),
    "hu": ("adatvédelmi", "adatkezelési", "adatvédelem"),
    "is": ("persónuverndarstefna", "persónuvernd"),
    "it": ("informativa sulla privacy", "informativa privacy", "privacy"),
    "lt": ("privatumo politika", "duomenų apsauga", "asmens duomenų", "privatum"),
    "lv": ("privātuma politika", "datu aizsardzība", "personas datu", "privātum"),
    "mt": ("politika tal-privatezza", "protezzjoni tad-data", "privatezza"),
    "nl": ("privacyverklaring", "privacybeleid", "gegevensbescherming", "privacy"),
    "no": ("personvernerklæring", "personvern"),
    "pl": ("polityka prywatności", "ochrona danych", "prywatność", "rodo"),
    "pt": ("política de privacidade", "proteção de dados", "privacidade"),
    "ro": ("politica de confidențialitate", "protecția datelor", "confidențialitate", "date personale"),
    "sk": ("ochrana osobných údajov", "osobné údaje", "súkromi"),
    "sl": ("varstvo osebnih podatkov", "politika zasebnosti", "zasebnost"),
    "sv": ("integritetspolicy", "dataskydd", "personuppgifter", "sekretesspolicy"),
    "tr": ("gizlilik politikası", "kişisel verilerin korunması", "kişisel veri", "gizlilik", "kvkk"),
    "uk": ("політика конфіденційності", "захист персональних даних", "персональні дані", "конфіденційн"),
}  # fmt: skip
# As paths write it, without accents.
OF_PATHS = (
    "privacy-policy", "privacy_policy", "privacypolicy", "privacy-notice", "data-protection", "datenschutzerklaerung",
    "datenschutz", "politique-de-confidentialite", "confidentialite", "protection-des-donnees", "privacidad", "privacidade",
    "privacyverklaring", "privatlivspolitik", "integritetspolicy", "personvern", "tietosuoja", "polityka-prywatnosci",
    "ochrana-osobnich-udaju", "adatvedelem", "privacy",
)  # fmt: skip


def weight(words: str, path: str) -> int:
    """How surely a link leads to a privacy policy, by its words, else by its path: 0 not at all."""
    said = " ".join(words.lower().split())
    found = [len(word) for telling in BY_LANGUAGE.values() for word in telling if word in said]
    if len(said) > 80:  # a paragraph, or a card of a blog about it
        return 0
    if found:  # the whole name of the link tells more than a word in a sentence
        return 100 + max(found) - (len(said) - max(found))
    named = [len(word) for word in OF_PATHS if word in path.lower()]
    return max(named) if named and not said else 0
