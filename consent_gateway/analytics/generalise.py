"""Values made coarse enough to say nothing about one browser (CNIL measure M5)."""

from __future__ import annotations

import re

from consent_gateway.visitor import Device

# The most spoken languages of the web; anything rarer would single its speaker out.
LANGUAGES = frozenset(
    (
        "ar bg cs da de el en es et fi fr he hr hu it ja ko lt lv nb nl no pl pt ro ru sk sl sv tr uk zh"
    ).split()
)
SCREENS = (
    (360, 800), (390, 844), (412, 915), (768, 1024), (1280, 720), (1366, 768),
    (1536, 864), (1920, 1080), (2560, 1440),
)  # fmt: skip
_CHROME = (
    "Mozilla/5.0 ({os}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0{mobile} Safari/537.36"
)
# https://www.chromium.org/updates/ua-reduction/: what Chromium itself still says of the platform.
_PLATFORMS = {
    "Windows": "Windows NT 10.0; Win64; x64",
    "Mac OS X": "Macintosh; Intel Mac OS X 10_15_7",
    "Linux": "X11; Linux x86_64",
    "Chrome OS": "X11; CrOS x86_64 14541.0.0",
    "Android": "Linux; Android 10; K",
}
_IOS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Safari/605.1.15"
)
# Of a family's platforms those that many visitors have; on any other it counts as the commonest there
# (CNIL measure M5: "to remove the rarest configurations").
_COMMON = {
    "Chrome": ("Windows", "Mac OS X", "Linux", "Chrome OS", "Android"),
    "Edge": ("Windows", "Mac OS X"),
    "Firefox": ("Windows", "Mac OS X", "Linux", "Android"),
    "Safari": ("Mac OS X",),
}
OLDEST_MAJOR = 100  # older browsers are rare, so they are all the same age
STEP = 10  # what versions are rounded down to until one is known to be common


def language(value: str) -> str:
    """The primary subtag of a language, empty for a rare one."""
    primary = re.split(r"[-_]", value.strip().lower(), maxsplit=1)[0]
    return primary if primary in LANGUAGES else ""


def screen(value: str) -> str:
    """The common screen size nearest in area, its orientation kept; empty for no size."""
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", value.strip())
    if not match:
        return ""
    width, height = int(match[1]), int(match[2])
    upright = height > width
    nearest = min(
        ((w, h) for w, h in SCREENS if (h > w) == upright),
        key=lambda size: abs(size[0] * size[1] - width * height),
    )
    return f"{nearest[0]}x{nearest[1]}"


def amount(value: str) -> str:
    """An amount with two decimals; empty if it is none."""
    return f"{float(value):.2f}" if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", value.strip()) else ""


def tenth_of_a_second(value: str) -> str:
    """Milliseconds rounded to hundreds."""
    return str(round(int(value), -2)) if re.fullmatch(r"\d{1,9}", value) else ""


def user_agent(device: Device, major: int | None) -> str:
    """A User-Agent that names browser family, major version and platform and nothing else. `major` is
    the nearest version that is common, or None where that is not known."""
    if device.platform == "iOS":
        return _IOS
    platform = device.platform if device.platform in _PLATFORMS else "Android" if device.mobile else "Windows"
    family = device.browser.partition(" ")[0]  # "Firefox Mobile" is one of Firefox
    if platform not in _COMMON.get(family, ()):
        family = "Safari" if family.endswith("Safari") and platform == "Mac OS X" else "Chrome"
    if family == "Safari":
        return _SAFARI
    os = _PLATFORMS[platform]
    version = max(major if major is not None else device.major // STEP * STEP, OLDEST_MAJOR)
    if family == "Firefox":
        return f"Mozilla/5.0 ({os}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
    mobile = " Mobile" if platform == "Android" and device.mobile else ""
    chrome = _CHROME.format(os=os, major=version, mobile=mobile)
    return f"{chrome} Edg/{version}.0.0.0" if family == "Edge" else chrome
