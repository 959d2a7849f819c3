"""Covers drawn from a track's own data: artist chooses the motif, track draws it, genres tint it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random

from muse_graph.api.web.pages.colours import hue, hue_of_person, seed_of

__all__ = ["draw"]

_SIDE = 320
_Motif = Callable[[Random, Sequence[int]], list[str]]


def draw(track_id: str, artist_id: str, genre_ids: Sequence[str]) -> str:
    """An SVG document of 320 x 320; the same for the same ids."""
    hues = [hue(genre) for genre in genre_ids] or [hue_of_person(artist_id)]
    motif = _MOTIFS[seed_of("motif", artist_id) % len(_MOTIFS)]
    # Not for secrets: a picture has to come out the same every time.
    random = Random(seed_of("cover", f"{artist_id}\n{track_id}"))  # noqa: S311
    # A second colour not far from the first, so that a cover of one genre is not of one colour.
    hues = [*hues, hues[-1] + random.choice((-55, -40, 40, 55))]
    sky = (
        f'<defs><linearGradient id="sky" x1="0" y1="0" x2="{random.random():.2f}" y2="1">'
        f'<stop offset="0" stop-color="{_tone(0.26, 0.07, hues[0])}"/>'
        f'<stop offset="1" stop-color="{_tone(0.42, 0.12, hues[-1])}"/></linearGradient>'
        f'<radialGradient id="glow"><stop offset="0" stop-color="{_tone(0.85, 0.13, hues[0])}" '
        f'stop-opacity="0.5"/><stop offset="1" stop-color="{_tone(0.85, 0.13, hues[0])}" '
        'stop-opacity="0"/></radialGradient></defs>'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="url(#sky)"/>'
        f'<circle cx="{random.uniform(60, 260):.0f}" cy="{random.uniform(40, 160):.0f}" r="190" '
        'fill="url(#glow)"/>'
    )
    body = "".join(motif(random, hues))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">{sky}{body}</svg>'


def _tone(lightness: float, chroma: float, degree: float) -> str:
    return f"oklch({lightness:.2f} {chroma:.2f} {degree % 360:.0f})"


def _lit(random: Random, hues: Sequence[int], step: int, steps: int) -> str:
    """The colour of one of several shapes: through the genres' hues, from deep to bright."""
    place = step / max(steps - 1, 1)
    degree = hues[min(int(place * len(hues)), len(hues) - 1)]
    return _tone(0.5 + 0.36 * place, 0.14, degree + random.uniform(-6, 6))


def _grooves(random: Random, hues: Sequence[int]) -> list[str]:
    """A record's grooves around a point off the middle."""
    x, y, n = random.uniform(40, 280), random.uniform(90, 280), random.randint(9, 15)
    shapes = []
    for step in range(n):
        radius = 16 + step * random.uniform(15, 19)
        turn = 2 * math.pi * radius
        drawn = random.uniform(0.45, 0.95) * turn
        shapes.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" fill="none" '
            f'stroke="{_lit(random, hues, n - 1 - step, n)}" stroke-width="{random.uniform(3, 9):.1f}" '
            f'stroke-linecap="round" stroke-dasharray="{drawn:.0f} {turn - drawn:.0f}" '
            f'transform="rotate({random.randint(0, 359)} {x:.0f} {y:.0f})"/>'
        )
    return shapes


def _hills(random: Random, hues: Sequence[int]) -> list[str]:
    """Ranges of hills before a low moon."""
    x, y, radius = random.uniform(70, 250), random.uniform(60, 120), random.uniform(26, 52)
    shapes = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{_tone(0.92, 0.07, hues[0])}"/>']
    n = random.randint(4, 6)
    for step in range(n):
        base = 150 + step * 170 / n
        swing, waves, begin = random.uniform(14, 34), random.uniform(1.2, 3), random.uniform(0, 6.3)
        points = " ".join(
            f"{x} {base + swing * math.sin(begin + waves * math.tau * x / _SIDE / 2):.1f}"
            for x in range(0, _SIDE + 1, 8)
        )
        colour = _lit(random, hues, n - 1 - step, n + 1)
        shapes.append(f'<path d="M0 {_SIDE} L{points} L{_SIDE} {_SIDE}Z" fill="{colour}"/>')
    return shapes


def _bars(random: Random, hues: Sequence[int]) -> list[str]:
    """The level meter of a song."""
    n = random.randint(9, 17)
    width, begin, waves = _SIDE / n, random.uniform(0, 6.3), random.uniform(1, 2.6)
    shapes = []
    for step in range(n):
        level = 0.5 + 0.32 * math.sin(begin + waves * math.tau * step / n) + random.uniform(-0.16, 0.16)
        height = max(0.08, level) * 250
        shapes.append(
            f'<rect x="{step * width + width * 0.16:.1f}" y="{160 - height / 2:.1f}" '
            f'width="{width * 0.68:.1f}" height="{height:.1f}" rx="{width * 0.34:.1f}" '
            f'fill="{_lit(random, hues, step, n)}"/>'
        )
    return shapes


def _petals(random: Random, hues: Sequence[int]) -> list[str]:
    """A flower of glass leaves."""
    n, x, y = random.randint(6, 13), random.uniform(110, 210), random.uniform(110, 210)
    length, width = random.uniform(90, 150), random.uniform(24, 52)
    return [
        f'<ellipse cx="{x:.0f}" cy="{y - length / 2:.0f}" rx="{width / 2:.0f}" ry="{length / 2:.0f}" '
        f'fill="{_lit(random, hues, step, n)}" fill-opacity="0.72" '
        f'transform="rotate({step * 360 / n:.1f} {x:.0f} {y:.0f})"/>'
        for step in range(n)
    ]


def _threads(random: Random, hues: Sequence[int]) -> list[str]:
    """Strings that swing together."""
    n, begin, spread = random.randint(12, 20), random.uniform(0, 6.3), random.uniform(0.12, 0.3)
    waves, swing = random.uniform(0.8, 1.8), random.uniform(40, 90)
    shapes = []
    for step in range(n):
        middle = 70 + step * 180 / n
        points = " ".join(
            f"{x} {middle + swing * math.sin(begin + spread * step + waves * math.tau * x / _SIDE):.1f}"
            for x in range(-8, _SIDE + 9, 8)
        )
        shapes.append(
            f'<path d="M{points}" fill="none" stroke="{_lit(random, hues, step, n)}" '
            f'stroke-width="{random.uniform(1.5, 5):.1f}" stroke-linecap="round"/>'
        )
    return shapes


def _tiles(random: Random, hues: Sequence[int]) -> list[str]:
    """Quarter circles, turned by chance."""
    n = random.choice((3, 4, 5))
    side = _SIDE / n
    shapes = []
    for place in range(n * n):
        x, y = place % n * side, place // n * side
        if random.random() < 0.16:
            continue
        turn = f'transform="rotate({90 * random.randint(0, 3)} {x + side / 2:.1f} {y + side / 2:.1f})"'
        corner = f"M{x:.1f} {y:.1f}h{side:.1f}a{side:.1f} {side:.1f} 0 0 1 -{side:.1f} {side:.1f}z"
        shapes.append(f'<path d="{corner}" fill="{_lit(random, hues, random.randint(0, 5), 6)}" {turn}/>')
    return shapes


_MOTIFS: tuple[_Motif, ...] = (_grooves, _hills, _bars, _petals, _threads, _tiles)
