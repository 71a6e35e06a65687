"""Everything that is no cat: animals, plants, things. Each fills about the square from -1 to 1."""

import math

from .palette import WHITE, darker, distinct, lighter, mix, outline
from .parts import BOTH, collar, four_legs, round_eyes, seated_body

WOOD = (124, 90, 64)
LEAF = (98, 142, 86)


def dog(layer, random, colours):
    """A puppy with hanging ears and a big head, looking at us."""
    main, ears = colours.main, distinct(colours.second, colours.main)
    with layer.placed(0, 0.22, 0.78):
        seated_body(layer, colours)
    if random.random() < 0.4:
        collar(layer, colours, 0.24, 0.34)
    with layer.placed(0, -0.3, 0.62, random.uniform(-0.12, 0.12)):
        layer.blob([(0, -0.95), (0.58, -0.85), (0.86, -0.35), (0.8, 0.3), (0.5, 0.82), (0, 0.96), (-0.5, 0.82),
                    (-0.8, 0.3), (-0.86, -0.35), (-0.58, -0.85)], main)  # fmt: skip
        for side in BOTH:
            layer.blob([(side * 0.48, -0.88), (side * 0.88, -0.8), (side * 1.2, -0.1), (side * 1.18, 0.5),
                        (side * 0.94, 0.58), (side * 0.74, 0.1), (side * 0.66, -0.4)], ears)  # fmt: skip
        layer.oval(0, 0.46, 0.48, 0.44, colours.belly)
        if random.random() < 0.5:
            layer.blob([(-0.15, 0.62), (0.15, 0.62), (0.13, 0.96), (-0.13, 0.96)], colours.blush)
        layer.stroke([(-0.26, 0.56), (0, 0.66), (0.26, 0.56)], 0.07, darker(colours.belly, 0.6))
        layer.oval(0, 0.24, 0.22, 0.15, colours.ink)
        round_eyes(layer, colours, 0.36, -0.18, 0.15)


def walking_dog(layer, random, colours):
    """A dog on its way, in profile."""
    main, ear = colours.main, distinct(colours.second, colours.main)
    layer.stroke([(-0.6, 0.05), (-0.84, -0.22), (-0.9, -0.5)], 0.14, main, 0.09)
    four_legs(layer, random, colours, (-0.52, 0.34), 0.3, 0.88, 0.18)
    layer.blob([(-0.68, 0.05), (-0.3, -0.1), (0.2, -0.12), (0.5, -0.1), (0.55, 0.2), (0.4, 0.42),
                (-0.2, 0.34), (-0.6, 0.42)], main)  # fmt: skip
    layer.blob([(0.26, -0.05), (0.3, -0.58), (0.5, -0.78), (0.74, -0.7), (1.0, -0.46), (1.0, -0.26),
                (0.72, -0.2), (0.54, 0.15)], main)  # fmt: skip
    layer.blob([(0.34, -0.74), (0.54, -0.72), (0.56, -0.3), (0.42, -0.16), (0.3, -0.36)], ear)
    layer.stroke([(0.3, -0.02), (0.56, 0.08)], 0.12, colours.spark)
    layer.oval(0.68, -0.55, 0.07, 0.07, outline(main, 0.8))
    layer.oval(0.98, -0.4, 0.08, 0.08, colours.ink)


def rabbit(layer, random, colours):
    """A rabbit with long ears, looking at us."""
    main = colours.main
    with layer.placed(0, 0.28, 0.72):
        seated_body(layer, colours)
    with layer.placed(0, -0.05, 0.52, random.uniform(-0.12, 0.12)):
        for side in BOTH:
            lean = side * random.uniform(0.1, 0.3)
            layer.oval(side * 0.4, -1.15, 0.24, 0.7, main, lean)
            layer.oval(side * 0.4, -1.12, 0.12, 0.5, mix(main, colours.blush, 0.6), lean)
        layer.blob([(0, -0.76), (0.6, -0.55), (0.86, 0.1), (0.6, 0.66), (0, 0.8), (-0.6, 0.66),
                    (-0.86, 0.1), (-0.6, -0.55)], main)  # fmt: skip
        for side in BOTH:
            layer.oval(side * 0.19, 0.42, 0.26, 0.2, lighter(colours.belly, 0.3))
        layer.oval(0, 0.28, 0.12, 0.09, mix(colours.blush, colours.ink, 0.15))
        layer.stroke([(0, 0.34), (0, 0.54)], 0.06, darker(main, 0.5))
        round_eyes(layer, colours, 0.42, -0.05, 0.15)


def bear(layer, random, colours):
    """A bear cub with round ears, looking at us."""
    main = colours.main
    with layer.placed(0, 0.22, 0.78):
        seated_body(layer, colours)
    with layer.placed(0, -0.26, 0.62, random.uniform(-0.12, 0.12)):
        for side in BOTH:
            layer.oval(side * 0.68, -0.68, 0.36, 0.36, main)
            layer.oval(side * 0.68, -0.66, 0.2, 0.2, mix(main, colours.blush, 0.6))
        layer.oval(0, 0, 0.98, 0.86, main)
        layer.oval(0, 0.36, 0.46, 0.36, colours.belly)
        layer.oval(0, 0.2, 0.18, 0.12, colours.ink)
        layer.stroke([(-0.16, 0.46), (0, 0.54), (0.16, 0.46)], 0.07, darker(colours.belly, 0.6))
        round_eyes(layer, colours, 0.42, -0.12, 0.12)


def bird(layer, random, colours):
    """A bird in profile."""
    main = colours.main
    for x in (-0.05, 0.17):
        layer.stroke([(x, 0.5), (x + 0.03, 0.9)], 0.07, (200, 130, 60))
    layer.blob([(-0.3, 0.1), (-0.98, 0.36), (-0.94, 0.56), (-0.2, 0.48)], darker(main, 0.25))
    layer.blob([(-0.5, 0.1), (-0.1, -0.3), (0.3, -0.3), (0.58, 0.05), (0.42, 0.5), (0, 0.64), (-0.42, 0.46)], main)
    layer.blob([(0.24, -0.1), (0.54, 0.1), (0.38, 0.5), (0.02, 0.6)], mix(main, colours.blush, 0.6))
    layer.oval(0.38, -0.44, 0.37, 0.36, main)
    layer.polygon([(0.68, -0.56), (1.04, -0.4), (0.68, -0.28)], (236, 170, 60))
    with layer.placed(0.48, -0.5):
        layer.oval(0, 0, 0.13, 0.13, colours.spark)
        layer.oval(0, 0, 0.09, 0.09, colours.ink)
        layer.oval(-0.03, -0.03, 0.04, 0.04, WHITE)
    lift = random.uniform(-0.1, 0.1)
    layer.blob([(-0.32, -0.02), (0.16, -0.05), (0.2, 0.2), (-0.1, 0.42), (-0.64, 0.36 + lift)],
               distinct(colours.second, main))  # fmt: skip


def fish(layer, random, colours):
    """A striped fish with a few bubbles."""
    main = colours.main
    layer.blob([(-0.5, 0), (-1.0, -0.46), (-0.86, 0), (-1.0, 0.46)], colours.accent)
    layer.blob([(-0.1, -0.3), (0.1, -0.7), (0.38, -0.6), (0.36, -0.3)], colours.blush)
    layer.blob([(-0.64, 0), (-0.2, -0.4), (0.3, -0.46), (0.76, -0.22), (0.92, 0.05), (0.72, 0.28), (0.3, 0.44),
                (-0.2, 0.38)], main)  # fmt: skip
    layer.blob([(-0.4, 0.16), (0.2, 0.26), (0.74, 0.14), (0.66, 0.3), (0.2, 0.42), (-0.2, 0.34)], colours.belly)
    for x in (-0.28, 0.0, 0.28):
        layer.stroke([(x, -0.34), (x + 0.1, 0), (x, 0.32)], 0.1, colours.second)
    layer.oval(0.62, -0.08, 0.16, 0.16, lighter(colours.spark, 0.4))
    layer.oval(0.65, -0.08, 0.085, 0.085, colours.ink)
    layer.stroke([(0.9, 0.12), (0.74, 0.15)], 0.06, darker(main, 0.5))
    for step in range(random.randint(2, 3)):
        layer.oval(0.7 + 0.1 * step, -0.55 - 0.17 * step, 0.07, 0.07, outline(colours.ground, 0.4))


def snail(layer, random, colours):
    """A snail with a spiral on its shell."""
    main, shell = colours.main, distinct(colours.second, colours.main)
    for x in (0.66, 0.88):
        layer.stroke([(0.72, 0.1), (x, -0.42)], 0.07, main)
        layer.oval(x, -0.44, 0.08, 0.08, colours.ink)
    layer.blob([(-0.95, 0.72), (-0.4, 0.42), (0.4, 0.4), (0.5, 0.0), (0.72, -0.1), (0.9, 0.1), (0.86, 0.5),
                (0.6, 0.72)], main)  # fmt: skip
    layer.stroke([(-0.84, 0.7), (0.6, 0.7)], 0.1, colours.belly)
    layer.oval(-0.12, 0.02, 0.62, 0.6, shell)
    turn = random.uniform(-0.6, 0.6)
    angles = [0.9 * k + turn for k in range(7)]
    spiral = [(0.08 * k * math.cos(angle), 0.08 * k * math.sin(angle)) for k, angle in enumerate(angles)]
    with layer.placed(-0.12, 0.02):
        layer.stroke(spiral, 0.12, mix(distinct(colours.blush, shell), colours.ink, 0.15))
    layer.stroke([(0.66, 0.34), (0.8, 0.32)], 0.05, darker(main, 0.5))


def car(layer, random, colours):
    """A small car, from the side."""
    main, glass = colours.main, distinct(mix((196, 222, 234), colours.belly, 0.5), colours.main)
    layer.blob([(-0.6, 0.02), (-0.44, -0.46), (-0.1, -0.56), (0.26, -0.5), (0.55, 0)], main)
    layer.blob([(-0.46, -0.04), (-0.34, -0.38), (-0.1, -0.44), (-0.08, -0.04)], glass)
    layer.blob([(0.06, -0.04), (0.04, -0.44), (0.22, -0.4), (0.42, -0.04)], glass)
    layer.blob([(-0.96, 0.34), (-0.94, 0.02), (-0.5, -0.08), (0.5, -0.08), (0.92, 0.06), (0.99, 0.34),
                (0.8, 0.44), (-0.85, 0.44)], main)  # fmt: skip
    layer.stroke([(-0.9, 0.2), (0.92, 0.22)], 0.09, colours.blush)
    for x in (-0.52, 0.54):
        layer.oval(x, 0.43, 0.25, 0.25, colours.ink)
        layer.oval(x, 0.43, 0.13, 0.13, colours.belly)
    layer.oval(0.9, 0.1, 0.09, 0.09, colours.spark)
    if random.random() < 0.4:  # luggage on the roof
        layer.box(-0.3, -0.72, 0.2, -0.54, colours.accent)


def house(layer, random, colours):
    """A house with two lit windows."""
    main, roof = colours.main, distinct(colours.second, colours.main)
    if random.random() < 0.7:
        layer.box(0.3, -0.85, 0.5, -0.3, darker(roof, 0.2))
    layer.box(-0.68, -0.15, 0.68, 0.92, main)
    layer.polygon([(-0.9, -0.1), (0, -0.9), (0.9, -0.1)], roof)
    layer.box(-0.16, 0.38, 0.18, 0.92, colours.blush)
    for x in (-0.43, 0.44):
        layer.box(x - 0.23, 0.03, x + 0.23, 0.49, colours.belly)
        layer.box(x - 0.18, 0.08, x + 0.18, 0.44, colours.spark)
        layer.stroke([(x, 0.08), (x, 0.44)], 0.05, darker(main, 0.4))
        layer.stroke([(x - 0.18, 0.26), (x + 0.18, 0.26)], 0.05, darker(main, 0.4))


def flower(layer, random, colours):
    """A flower on its stem."""
    petals, start = random.choice((5, 6, 7, 8)), random.uniform(0, 1)
    layer.stroke([(0, -0.1), (0.06, 0.5), (0, 1.0)], 0.11, LEAF)
    layer.blob([(0.04, 0.7), (0.4, 0.36), (0.6, 0.42), (0.32, 0.7)], LEAF)
    layer.blob([(0.02, 0.84), (-0.34, 0.54), (-0.5, 0.6), (-0.26, 0.84)], darker(LEAF, 0.15))
    for k in range(petals):
        angle = start + k * 2 * math.pi / petals
        x, y = 0.4 * math.cos(angle), -0.3 + 0.4 * math.sin(angle)
        layer.oval(x, y, 0.36, 1.25 / petals, colours.main if k % 2 else mix(colours.main, colours.belly, 0.35), angle)
    layer.oval(0, -0.3, 0.25, 0.25, colours.spark)
    layer.oval(-0.05, -0.35, 0.1, 0.1, lighter(colours.spark, 0.4))


def cup(layer, random, colours):
    """A cup of something hot."""
    main = colours.main
    with layer.placed(-0.12, 0.2):
        layer.stroke([(0.5, -0.2), (0.92, -0.2), (0.92, 0.36), (0.44, 0.44)], 0.14, darker(main, 0.15))
        layer.blob([(-0.6, -0.42), (0.6, -0.42), (0.56, 0.24), (0.4, 0.68), (-0.4, 0.68), (-0.56, 0.24)], main)
        layer.oval(0, -0.42, 0.6, 0.15, colours.belly)
        layer.oval(0, -0.4, 0.5, 0.1, mix((110, 74, 54), colours.ink, 0.4))
        layer.stroke([(-0.54, 0.04), (0, 0.1), (0.54, 0.04)], 0.14, colours.spark)
        layer.stroke([(-0.48, 0.24), (0, 0.3), (0.48, 0.24)], 0.1, colours.blush)
        steam = outline(colours.ground, 0.35)
        for x in (-0.2, 0.14):
            bend = random.uniform(0.03, 0.09)
            layer.stroke([(x, -0.66), (x + bend, -0.82), (x - bend, -0.98), (x + bend, -1.12)], 0.07, steam)


def tree(layer, random, colours):
    """A tree with fruit."""
    layer.stroke([(0, 0.95), (0, 0.1)], 0.28, WOOD, 0.2)
    for x, y, radius in ((-0.4, 0.0, 0.42), (0.42, 0.02, 0.4), (0, -0.44, 0.52), (-0.16, 0.12, 0.38), (0.2, 0.1, 0.38)):
        layer.oval(x, y, radius, 0.92 * radius, colours.main)
    layer.oval(-0.14, -0.58, 0.22, 0.16, colours.belly)
    for _ in range(5):
        x, y, fruit = random.uniform(-0.5, 0.5), random.uniform(-0.65, 0.2), (colours.spark, colours.blush)
        layer.oval(x, y, 0.1, 0.1, random.choice(fruit))


def mushroom(layer, random, colours):
    """A mushroom with a dotted cap."""
    layer.blob([(-0.22, 0), (0.22, 0), (0.3, 0.85), (0, 0.96), (-0.3, 0.85)], colours.belly)
    layer.stroke([(-0.4, 0.2), (0.4, 0.2)], 0.06, outline(colours.main, 0.4))
    layer.blob([(-0.88, 0.1), (-0.72, -0.42), (0, -0.82), (0.72, -0.42), (0.88, 0.1), (0.4, 0.22), (-0.4, 0.22)],
               colours.main)  # fmt: skip
    spot = mix(distinct(lighter(colours.blush, 0.5), colours.main), colours.main, 0.2)
    for x, y, radius in ((-0.42, -0.2, 0.15), (0.05, -0.48, 0.16), (0.44, -0.14, 0.14), (0, -0.04, 0.11)):
        layer.oval(x + random.uniform(-0.06, 0.06), y, radius, 0.85 * radius, spot)


def boat(layer, random, colours):
    """A sailing boat with a pennant."""
    layer.stroke([(0, 0.4), (0, -0.95)], 0.08, WOOD)
    layer.polygon([(0.08, -0.86), (0.08, 0.26), (0.8, 0.26)], colours.main)
    layer.polygon([(-0.08, -0.68), (-0.08, 0.26), (-0.64, 0.26)], mix(colours.main, colours.blush, 0.5))
    hull = distinct(colours.second, colours.main)
    layer.stroke([(-0.84, 0.36), (0.86, 0.33)], 0.12, colours.belly)
    layer.blob([(-0.88, 0.36), (0, 0.42), (0.92, 0.32), (0.58, 0.82), (-0.58, 0.82)], hull)
    reach = random.uniform(0.24, 0.4)
    layer.polygon([(0, -1.02), (reach, -0.91), (0, -0.8)], colours.spark)


def balloons(layer, random, colours):
    """Three balloons on strings."""
    for x, y, colour in ((-0.46, -0.2, colours.blush), (0.44, -0.26, colours.spark), (0, -0.5, colours.main)):
        x += random.uniform(-0.06, 0.06)
        layer.stroke([(x, y + 0.4), (0.4 * x, 0.6), (0, 1.0)], 0.045, outline(colours.ground, 0.5))
        layer.oval(x, y, 0.4, 0.48, colour)
        layer.oval(x - 0.13, y - 0.17, 0.11, 0.15, mix(lighter(colour, 0.5), colours.belly, 0.5))


def umbrella(layer, random, colours):
    """An open umbrella in two colours."""
    main, other = colours.main, distinct(colours.second, colours.main)
    rim = random.uniform(0.05, 0.13)
    layer.stroke([(0, -0.95), (0, -0.7)], 0.08, WOOD)
    layer.stroke([(0, -0.1), (0, 0.7), (0.12, 0.92), (0.32, 0.86), (0.34, 0.66)], 0.11, WOOD)
    angles = (math.pi + k * math.pi / 16 for k in range(17))
    layer.polygon([(0.98 * math.cos(angle), rim + 0.9 * math.sin(angle)) for angle in angles], main)
    for side in BOTH:
        panel = [(side * 0.06, rim - 0.89), (side * 0.42, rim - 0.6), (side * 0.59, rim)]
        layer.polygon([*panel, (side * 0.2, rim), (side * 0.18, rim - 0.5)], other)
    for k, colour in enumerate((main, other, main, other, main)):
        layer.oval(-0.78 + 0.39 * k, rim, 0.2, 0.1, mix(colour, colours.blush, 0.3))


def apple(layer, random, colours):
    """An apple with a leaf."""
    layer.stroke([(0.02, -0.4), (0.1, -0.84)], 0.11, WOOD)
    layer.blob([(0.1, -0.6), (0.36, -0.92), (0.72, -0.86), (0.46, -0.58)], LEAF)
    layer.blob([(0, -0.44), (0.4, -0.58), (0.82, -0.3), (0.84, 0.24), (0.5, 0.8), (0.2, 0.9), (0, 0.84),
                (-0.2, 0.9), (-0.5, 0.8), (-0.84, 0.24), (-0.82, -0.3), (-0.4, -0.58)], colours.main)  # fmt: skip
    layer.oval(-0.42, -0.1, 0.16, 0.28, colours.belly, 0.4)
    layer.oval(0.06, -0.44, 0.2, 0.06, outline(colours.main, 0.5))
    if random.random() < 0.5:  # the other cheek
        cheek = mix(colours.main, colours.blush, 0.6)
        layer.blob([(0.5, -0.44), (0.8, -0.2), (0.8, 0.24), (0.5, 0.7), (0.62, 0.1)], cheek)


# Each kind with its scale: all cover about as many pixels, about 500, as the cats do.
OTHERS = [
    (dog, 0.95), (walking_dog, 1.14), (rabbit, 1.14), (bear, 1.0), (bird, 1.13), (fish, 1.14), (snail, 1.0),
    (car, 1.05), (house, 0.93), (flower, 1.08), (cup, 1.03), (tree, 1.02), (mushroom, 1.0), (boat, 1.05),
    (balloons, 1.05), (umbrella, 1.06), (apple, 0.9),
]  # fmt: skip
