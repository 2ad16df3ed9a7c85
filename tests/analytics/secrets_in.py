"""What must not pass, in all its spellings, and every parameter it may stand in."""

from __future__ import annotations

import base64
from urllib.parse import quote

# Every parameter that was found in Google's script, its hits and its references, the table set aside.
REFERENCE = """
v tid gtm cid uid ecid ecsid _fid excid firebase_id _fplc _gsid njid _p _s sid sct seg _fv _nsi _ss _et en _ee _c _eu _tu _prs _gaz
gaf exp tag_exp lps fp testonly _is_sw richsstsse tfd tft sst.tft dl dp dr dt ul sr uaa uab uafvl uamb uam uap uapv uaw frm pscdl gcs
gcd gcu gcut npa dma dma_cps ngs ngst _ng aip _rdi gdpr gdpr_consent us_privacy gpp gpp_sid tcfd _uip uip ur _geo sgtm_geo_city cu pr1
pr17 pr200 ep.transaction_id ti epn.value epn.tax epn.shipping ep.method ep.content_type ep.item_list_id ep.item_list_name
epn.percent_scrolled ep.link_domain ep.outbound ep.file_extension epn.video_percent ep.video_provider ep.search_term ep.form_id
ep.form_name ep.first_field_id ep.link_url ep.file_name ep.form_destination ep.link_text ep.link_id ep.link_classes
ep.user_data.email ep.user_data.phone_number ep.user_data.address.first_name user_data em ec_mode ude up.tier upn.age cc ci cm cn cs
ck _cc gclid gclgb gclgs gclst gcllp gclaw gclaw_src dclid wbraid gbraid gac srsltid gad_source auid rnd sst.rnd z random gdid edid did
ir ni tt _dbg evnid sst.etld sst.lpc sst.ude sst.em_event gap.plf ext.text _v t de je fl sd _gid jid gjid _gac dh ds qt vp linkid cd
ec ea el ev cd1 cd200 cm1 cg1 ta tr ts in ic iv il1nm pa promo1id sn sa st utc utv utt utl exd exf plt a _u _r xid xvar client_id
user_id timestamp_micros ip_override api_secret measurement_id gacid userId tiba url ref label u_w u_h fst cv fmt
""".split()
SECRETS = (
    "anna.schmidt@example.org",
    "203.0.113.77",
    "2001:db8:7:7::77",
    "550e8400-e29b-41d4-a716-446655440077",
    "0123456789abcdef0123456789abcdef",
    "Xk29fLq0Rt7aBz5WmC81vNe4",
    "+49 30 12345677",
)


def spellings(secret: str) -> tuple[str, ...]:
    """As it may stand in a value: plain, percent-encoded once and twice, in both kinds of base64."""
    once = quote(secret, safe="")
    coded = base64.b64encode(secret.encode()).decode()
    return secret, once, quote(once, safe=""), coded, quote(coded, safe=""), coded.rstrip("=")


def in_places(value: str) -> tuple[str, ...]:
    """As it may stand in a parameter: alone, in an address, a product, a sentence."""
    return (
        value,
        f"https://shop.example/a/{value}?q={value}#{value}",
        f"id1~nm{value}~k0{value}",
        f"for {value} only",
    )
