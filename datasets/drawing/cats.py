"""The cats: four poses, five kinds of coat. Each fills about the square from -1 to 1."""

from .palette import darker, lighter, luminance, mix, outline
from .parts import BOTH, collar, seated_body

COAT_KINDS = ["solid", "tabby", "tuxedo", "points", "patched"]


class Cat:
    """One cat: its colours, its coat and the parts of its face that vary.

    Parameters
    ----------
    random : random.Random
    colours : Colours
    """

    def __init__(self, random, colours):
        self.random, self.colours = random, colours
        main = colours.main
        kinds = [kind for kind in COAT_KINDS if kind != "points" or luminance(main) > 0.68]
        self.coat = random.choice(kinds)
        self.main = main
        # Points: the ends of a light cat (face, ears, paws, tail) are dark.
        self.ends = darker(main, 0.5) if self.coat == "points" else main
        self.belly = lighter(main, 0.85) if self.coat == "tuxedo" else colours.belly
        self.line = outline(main)
        self.pupil = random.uniform(0.06, 0.12)
        self.asleep = random.random() < 0.08

    def stripes(self, layer, starts, dx, dy):
        """Tapering stripes of a tabby, from each start by (dx, dy)."""
        if self.coat == "tabby":
            for x, y in starts:
                layer.stroke([(x, y), (x + dx, y + dy)], 0.08, self.line, 0.03)

    def tail(self, layer, points, width=0.17):
        """A tail along the points; its end has the colour of the points, or rings."""
        layer.stroke(points, width, self.main, 0.7 * width)
        if self.coat == "points":
            layer.stroke(points[1:], 0.9 * width, self.ends, 0.7 * width)
        elif self.coat == "tuxedo":
            layer.oval(*points[-1], 0.4 * width, 0.4 * width, self.belly)

    def head(self, layer):
        """The head, of about unit radius around the origin."""
        width = self.random.uniform(0.94, 1.06)
        self._ears(layer, width)
        layer.blob([(0, -0.8), (0.55 * width, -0.7), (0.95 * width, -0.25), (1.05 * width, 0.25),
                    (0.74 * width, 0.68), (0.3, 0.86), (0, 0.88), (-0.3, 0.86), (-0.74 * width, 0.68),
                    (-1.05 * width, 0.25), (-0.95 * width, -0.25), (-0.55 * width, -0.7)],
                   self.main)  # fmt: skip
        self._markings(layer, width)
        for side in BOTH:
            layer.oval(side * 0.2, 0.44, 0.27, 0.22, lighter(self._muzzle(), 0.3))
        self._eyes(layer, 0.43 * width)
        self._mouth(layer)

    def _ears(self, layer, width):
        height = self.random.uniform(0.98, 1.18)
        inner = mix(self.ends, self.colours.blush, 0.6)
        for side in BOTH:
            layer.blob([(side * 0.98 * width, 0.0), (side * 1.0 * width, -0.6),
                        (side * 0.88 * width, -1.22 * height), (side * 0.76 * width, -1.22 * height),
                        (side * 0.4 * width, -0.92), (side * 0.1 * width, -0.6),
                        (side * 0.4, 0.0)], self.ends)  # fmt: skip
            layer.blob([(side * 0.86 * width, -0.5), (side * 0.8 * width, -1.0 * height),
                        (side * 0.44 * width, -0.7)], inner)  # fmt: skip

    def _markings(self, layer, width):
        if self.coat == "points":
            layer.blob([(0, -0.3), (0.3, -0.05), (0.5, 0.4), (0.3, 0.72), (0, 0.8), (-0.3, 0.72),
                        (-0.5, 0.4), (-0.3, -0.05)], self.ends)  # fmt: skip
        elif self.coat == "patched":
            layer.blob([(0.08, -0.78), (0.55, -0.68), (0.92, -0.2), (0.66, 0.2), (0.2, 0.0)],
                       self.colours.second)  # fmt: skip
        elif self.coat == "tuxedo":
            layer.blob([(0, -0.55), (0.16, -0.1), (0.52, 0.3), (0.44, 0.7), (0, 0.87), (-0.44, 0.7),
                        (-0.52, 0.3), (-0.16, -0.1)], self.belly)  # fmt: skip
        elif self.coat == "tabby":
            for x in (-0.28, 0, 0.28):
                layer.stroke([(0.8 * x, -0.74), (x, -0.4)], 0.14, self.line, 0.06)
            for side in BOTH:
                for y in (0.1, 0.38):
                    layer.stroke([(side * 0.98 * width, y), (side * 0.68, y + 0.05)], 0.12, self.line, 0.05)

    def _muzzle(self):
        return self.ends if self.coat == "points" else self.belly

    def _eyes(self, layer, x, y=-0.06):
        for side in BOTH:
            if self.asleep:
                path = [(side * (x - 0.2), y), (side * x, y + 0.13), (side * (x + 0.2), y)]
                layer.stroke(path, 0.1, outline(self.main, 0.75))
                continue
            layer.oval(side * x, y, 0.26, 0.245, self.colours.ink, side * -0.25)
            layer.oval(side * x, y, 0.215, 0.2, self.colours.spark, side * -0.25)
            layer.oval(side * x, y, self.pupil, 0.18, self.colours.ink)
            layer.oval(side * x - 0.06, y - 0.08, 0.06, 0.06, lighter(self.colours.spark, 0.75))

    def _mouth(self, layer):
        layer.blob([(-0.14, 0.22), (0.14, 0.22), (0.02, 0.38), (-0.02, 0.38)], mix(self.colours.blush, self.line, 0.25))
        for side in BOTH:
            curve = [(0, 0.38), (side * 0.08, 0.53), (side * 0.26, 0.5)]
            layer.stroke(curve, 0.06, darker(self._muzzle(), 0.6))
        whisker = outline(self.main, 0.35)  # the coat stands out from the ground, so this does too
        for side in BOTH:
            for dy in (-0.08, 0.04, 0.16):
                path = [(side * 0.4, 0.42 + 0.5 * dy), (side * 1.3, 0.38 + 1.7 * dy)]
                layer.stroke(path, 0.035, whisker, 0.02)


def portrait(layer, random, colours):
    """A kitten with a big head, looking at us."""
    cat = Cat(random, colours)
    side = random.choice(BOTH)
    with layer.placed(0, 0.22, 0.78):
        cat.tail(layer, [(side * 0.3, 0.9), (side * 0.8, 0.86), (side * 0.95, 0.55), (side * 0.85, 0.3)], 0.2)
        seated_body(layer, colours, paws=cat.belly if cat.coat == "tuxedo" else cat.ends)
    if random.random() < 0.4:
        collar(layer, colours, 0.24, 0.34)
    with layer.placed(0, -0.28, 0.62, random.uniform(-0.12, 0.12)):
        cat.head(layer)


def sitting(layer, random, colours):
    """A cat that sits upright, seen from the front."""
    cat = Cat(random, colours)
    side, tip = random.choice(BOTH), random.uniform(0.1, 0.4)
    cat.tail(layer, [(side * 0.3, 0.92), (side * 0.76, 0.88), (side * 0.88, 0.55), (side * 0.72, tip)])
    layer.blob([(0, -0.3), (0.32, -0.15), (0.46, 0.35), (0.58, 0.75), (0.42, 0.99), (-0.42, 0.99),
                (-0.58, 0.75), (-0.46, 0.35), (-0.32, -0.15)], cat.main)  # fmt: skip
    layer.blob([(0, -0.2), (0.2, 0.1), (0.16, 0.6), (0, 0.8), (-0.16, 0.6), (-0.2, 0.1)], cat.belly)
    paws = cat.ends if cat.coat == "points" else cat.belly
    for q in BOTH:
        layer.stroke([(q * 0.2, 0.3), (q * 0.19, 0.86)], 0.2, cat.main)
        layer.oval(q * 0.2, 0.93, 0.16, 0.09, paws)
        layer.stroke([(q * 0.08, 0.55), (q * 0.08, 0.9)], 0.035, darker(cat.main, 0.35))
        cat.stripes(layer, [(q * 0.5, y) for y in (0.25, 0.43, 0.61)], -q * 0.22, 0.03)
    with layer.placed(random.uniform(-0.06, 0.06), -0.4, 0.5, random.uniform(-0.18, 0.18)):
        cat.head(layer)


def walking(layer, random, colours):
    """A cat on its way, in profile, its head turned to us."""
    cat = Cat(random, colours)
    up = random.uniform(-0.5, 0.1)
    cat.tail(layer, [(-0.6, 0.14), (-0.88, 0.0), (-0.98, up - 0.15), (-0.84, up - 0.36)], 0.16)
    for far in (True, False):
        for x in (-0.53, 0.46):
            start, step = x + (0.14 if far else 0), random.uniform(-0.14, 0.14)
            layer.stroke([(start, 0.3), (start + step, 0.84)], 0.19, darker(cat.main, 0.2) if far else cat.main, 0.15)
            layer.oval(start + step + 0.04, 0.87, 0.12, 0.07, cat.ends if cat.coat == "points" else cat.belly)
    layer.blob([(-0.7, 0.08), (-0.4, -0.15), (0, -0.09), (0.45, -0.16), (0.62, 0.1), (0.52, 0.42),
                (0, 0.45), (-0.45, 0.48), (-0.68, 0.36)], cat.main)  # fmt: skip
    cat.stripes(layer, [(x, -0.1) for x in (-0.48, -0.26, -0.04, 0.18)], 0.04, 0.32)
    if cat.coat == "patched":
        layer.blob([(-0.36, -0.14), (0.06, -0.1), (0.02, 0.24), (-0.34, 0.26)], colours.second)
    with layer.placed(0.54, -0.3, 0.46, random.uniform(-0.16, 0.16)):
        cat.head(layer)


def lying(layer, random, colours):
    """A cat that lies like a loaf of bread."""
    cat = Cat(random, colours)
    with layer.placed(0, 0.1):
        layer.blob([(-0.88, 0.45), (-0.76, 0.05), (-0.3, -0.14), (0.2, -0.1), (0.6, 0.05), (0.86, 0.4),
                    (0.76, 0.66), (0, 0.72), (-0.74, 0.68)], cat.main)  # fmt: skip
        if cat.coat == "patched":
            layer.blob([(-0.62, 0.06), (-0.3, -0.1), (-0.14, 0.24), (-0.5, 0.34)], colours.second)
        cat.stripes(layer, [(x, 0.0) for x in (-0.62, -0.42, -0.22)], -0.02, 0.3)
        end = cat.ends if cat.coat == "points" else darker(cat.main, 0.14)
        layer.stroke([(-0.8, 0.5), (-0.6, 0.68), (-0.1, 0.73), (0.2, 0.66)], 0.18, end, 0.13)
        for x in (0.42, 0.66):
            layer.oval(x, 0.66, 0.15, 0.08, cat.belly if cat.coat != "points" else cat.ends)
        with layer.placed(0.38, -0.1, 0.5, random.uniform(-0.2, 0.2)):
            cat.head(layer)


# Each pose with its scale: all cover about as many pixels, about 500, as the other subjects do.
CATS = [(portrait, 0.93), (sitting, 0.95), (walking, 1.0), (lying, 0.97)]
