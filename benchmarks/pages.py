"""Made-up pages for the benchmarks: text, images, scripts and styles as on a website, with or without plug-ins."""

from __future__ import annotations

import random

SIZES = {"10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000}
KINDS = {"without": 0.0, "few": 0.02, "many": 0.2}  # how many of the fetching elements are held
HELD = (
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-{}"></script>',
    '<img src="https://www.facebook.com/tr?id={}" width="1" height="1" alt="">',
    '<iframe src="https://www.youtube.com/embed/{}" width="560" height="315" title="Film"></iframe>',
    '<link rel="preconnect" href="https://px{}.ads.linkedin.com">',
    "<iframe src='https://www.google.com/maps/embed?pb={}'></iframe>",
)
FREE = (
    '<img class="teaser" src="/img/{}.jpg" srcset="/img/{}-2x.jpg 2x" width="320" height="200" alt="A picture">',
    '<script src="/assets/{}.js" defer></script>',
    '<link rel="stylesheet" href="/assets/{}.css?v={}">',
    '<img src="https://cdn.example.com/{}.webp" loading="lazy" alt="">',
    '<a href="https://www.linkedin.com/company/{}">Company</a>',
)
TEXT = (
    '<div class="row"><p id="p{}">Words that a page of some length is made of, with <em>some</em> stress &amp; <a href="/page/{}">a link</a>.</p></div>\n',
    '<li class="nav-item"><a class="nav-link" href="/section/{}" data-toggle="menu">Section <span>{}</span></a></li>\n',
    "<script>window.settings = window.settings || {{}}; settings.page = {}; if (settings.page < 7) settings.late = true;</script>\n",
    "<style>.card-{} {{ margin: 0 auto; color: #333 }} .card-{} > p {{ font-size: 1.1em }}</style>\n",
)
WEIGHTS = (60, 30, 4, 2)


def page(size: int, held: float, seed: int = 1) -> bytes:
    """About this many bytes; of the fetching elements this share belongs to services."""
    chance = random.Random(seed)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Page</title></head>\n<body>\n'
    ]
    length = len(parts[0])
    while length < size:
        number = chance.randrange(10**6)
        if chance.random() < 0.25:
            form = chance.choice(HELD if chance.random() < held else FREE)
        else:
            (form,) = chance.choices(TEXT, WEIGHTS)
        parts.append(form.format(number, number))
        length += len(parts[-1])
    return "".join((*parts, "</body></html>\n")).encode()


def page_with_trackers(size: int, count: int = 6) -> bytes:
    """About this many bytes without a service, and so many elements of services spread over it."""
    lines = page(size, 0).decode().splitlines(keepends=True)
    for number in range(count):
        form = HELD[number % len(HELD)].format(1000 + number)
        lines.insert((number + 1) * len(lines) // (count + 1), form)
    return "".join(lines).encode()
