"""The colours of one picture. Cats and everything else share one palette, so that colour tells nothing."""

from typing import NamedTuple

COATS = [
    (224, 142, 68), (240, 214, 172), (142, 146, 156), (58, 56, 64), (244, 240, 234),
    (134, 92, 62), (184, 96, 58), (206, 178, 138), (92, 104, 124), (214, 150, 146),
    (110, 134, 122), (168, 120, 150), (92, 140, 168), (232, 190, 92),
]  # fmt: skip
PALE = [
    (250, 244, 230), (236, 226, 240), (222, 238, 244), (226, 240, 222),
    (250, 228, 214), (255, 240, 200), (240, 240, 240), (206, 222, 236),
]  # fmt: skip
DEEP = [
    (44, 56, 86), (70, 50, 72), (38, 78, 78), (84, 60, 48),
    (52, 52, 58), (60, 84, 60), (110, 56, 62), (30, 44, 60),
]  # fmt: skip
MIDDLE = [
    (126, 172, 190), (186, 142, 176), (160, 186, 130), (214, 160, 118),
    (150, 150, 168), (206, 186, 120), (120, 140, 180), (190, 120, 110),
]  # fmt: skip
# Small bright touches: a cat's eyes, a car's lamps, a window at night, the heart of a flower.
SPARKS = [(150, 196, 84), (232, 196, 72), (112, 178, 214), (206, 142, 60), (120, 200, 160)]

# Warm touches: the inside of an ear, a nose, a door, the spots of a mushroom.
BLUSHES = [(232, 150, 150), (236, 184, 150), (206, 156, 186), (224, 170, 176), (214, 142, 118)]

WHITE = (252, 251, 248)
CONTRAST = 0.3  # the least difference in luminance between the subject and its ground


class Colours(NamedTuple):
    """What a picture is painted with; each colour is an (R, G, B) tuple of 0..255."""

    main: tuple  # the subject
    second: tuple  # its patches, its wings, its roof
    accent: tuple  # a collar, a door, a sail
    spark: tuple  # eyes, lamps
    blush: tuple  # ears inside, noses, doors
    ground: tuple  # the background
    ground2: tuple  # its pattern
    front: tuple  # whatever stands in front

    @property
    def belly(self):
        """A lighter shade of the subject: bellies, muzzles, paws."""
        return lighter(self.main, 0.25 if luminance(self.main) < 0.3 else 0.6)

    @property
    def ink(self):
        """Nearly black, with a hint of the subject: noses, pupils, wheels."""
        return darker(self.main, 0.75)


def luminance(colour):
    """How light a colour looks, 0 (black) to 1 (white)."""
    red, green, blue = colour
    return (0.30 * red + 0.59 * green + 0.11 * blue) / 255


def mix(a, b, t):
    """The colour a share t (0..1) of the way from a to b."""
    return tuple(round(x + (y - x) * t) for x, y in zip(a, b, strict=True))


def darker(colour, t=0.35):
    """The colour with a share t of near black."""
    return mix(colour, (20, 16, 26), t)


def lighter(colour, t=0.35):
    """The colour with a share t of warm white."""
    return mix(colour, (255, 252, 244), t)


def outline(colour, t=0.55):
    """A line that shows on the colour: darker on light colours, lighter on dark ones."""
    return darker(colour, t) if luminance(colour) > 0.3 else lighter(colour, 0.65 * t)


def distinct(colour, other, least=0.12):
    """The colour, or a darker shade of ``other`` where the two would look alike."""
    return colour if abs(luminance(colour) - luminance(other)) > least else darker(other, 0.35)


def choose_colours(random):
    """Choose the colours of one picture, without knowing what will be drawn.

    Parameters
    ----------
    random : random.Random

    Returns
    -------
    Colours
    """

    def pick(colours, keep=lambda colour: True, spread=12):
        colour = random.choice([c for c in colours if keep(c)] or colours)
        return tuple(max(0, min(255, v + random.randint(-spread, spread))) for v in colour)

    def gap(a, b):
        return abs(luminance(a) - luminance(b))

    # Light on dark or dark on light, each in half of the pictures.
    subject_is_lighter = random.random() < 0.5
    for _ in range(50):  # about one try in five fits
        main, ground = pick(COATS), pick(PALE + MIDDLE + DEEP, spread=8)
        fits = (luminance(main) > luminance(ground)) == subject_is_lighter
        if fits and gap(main, ground) > CONTRAST:
            break
    same_side = luminance(ground) < luminance(main)
    ground2 = pick(
        PALE + MIDDLE + DEEP,
        lambda c: gap(c, ground) < 0.3 and (luminance(c) < luminance(main)) == same_side,
        spread=8,
    )
    return Colours(
        main=main,
        second=pick(COATS, lambda c: gap(c, main) > 0.12),
        accent=pick(COATS + MIDDLE, lambda c: gap(c, main) > 0.15),
        spark=pick(SPARKS, spread=20),
        blush=pick(BLUSHES, spread=16),
        ground=ground,
        ground2=ground2,
        front=pick(MIDDLE + DEEP),
    )
