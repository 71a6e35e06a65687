"""Parts that several animals share. Each draws into a Layer, about the origin."""

from .palette import WHITE, darker, outline

BOTH = (-1, 1)  # left and right


def round_eyes(layer, colours, x, y, size=0.13):
    """Two eyes with a ring of colour and a light in each."""
    for side in BOTH:
        layer.oval(side * x, y, size, 1.15 * size, colours.ink)
        layer.oval(side * x, y, 0.8 * size, 0.92 * size, colours.spark)
        layer.oval(side * x, y, 0.55 * size, 0.7 * size, colours.ink)
        layer.oval(side * x - 0.3 * size, y - 0.4 * size, 0.36 * size, 0.36 * size, WHITE)


def seated_body(layer, colours, paws=None):
    """A small body that sits and looks at us, from the neck at y = 0 to the paws at y = 1."""
    main, paws = colours.main, paws or colours.main
    layer.blob([(0, -0.1), (0.4, 0.05), (0.56, 0.5), (0.6, 0.86), (0.4, 1.0), (-0.4, 1.0), (-0.6, 0.86),
                (-0.56, 0.5), (-0.4, 0.05)], main)  # fmt: skip
    layer.blob([(0, 0), (0.24, 0.2), (0.24, 0.6), (0, 0.8), (-0.24, 0.6), (-0.24, 0.2)], colours.belly)
    for side in BOTH:
        layer.stroke([(side * 0.25, 0.45), (side * 0.23, 0.86)], 0.24, main)
        layer.oval(side * 0.24, 0.93, 0.19, 0.11, paws)
        layer.stroke([(side * 0.1, 0.6), (side * 0.1, 0.9)], 0.035, outline(main, 0.4))


def collar(layer, colours, y, half_width):
    """A band around the neck, with a small bell."""
    layer.stroke([(-half_width, y), (0, y + 0.14), (half_width, y)], 0.13, colours.accent)
    layer.oval(0, y + 0.2, 0.09, 0.09, colours.spark)


def four_legs(layer, random, colours, xs, top, bottom, width):
    """Four legs of an animal in profile: the far pair darker, each with a little step."""
    for far in (True, False):
        for x in xs:
            start = x + (0.13 if far else 0)
            step = random.uniform(-0.14, 0.14)
            colour = darker(colours.main, 0.2) if far else colours.main
            layer.stroke([(start, top), (start + step, bottom)], width, colour, 0.8 * width)
