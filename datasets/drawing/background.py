"""What lies behind the subject, and now and then in front of it."""

import math

import numpy as np
from PIL import Image

from .canvas import CANVAS, Layer, X, Y, direction
from .palette import darker, lighter, mix


def draw_background(random, colours):
    """Paint a background.

    Parameters
    ----------
    random : random.Random
    colours : Colours

    Returns
    -------
    PIL.Image.Image
        RGB, CANVAS x CANVAS pixels.
    """
    paint = random.choice(CALM if random.random() < 0.3 else CALM + BUSY)
    return paint(random, colours)


def _painted(colours, layer):
    image = Image.new("RGB", (CANVAS, CANVAS), colours.ground)
    image.paste(layer.image, (0, 0), layer.image)
    return image


def _plain(random, colours):
    return _painted(colours, Layer())


def _gradient(random, colours):
    across, down = direction(random.uniform(0, 2 * math.pi))
    share = np.clip(0.5 + 0.5 * (across * X + down * Y), 0, 1)[..., None]
    share = np.round(share * 20) / 20  # few steps: too small to see, and the file packs better
    blend = np.array(colours.ground) * (1 - share) + np.array(colours.ground2) * share
    return Image.fromarray(np.round(blend).astype(np.uint8))


def _room(random, colours):
    layer, floor = Layer(), random.uniform(0.3, 0.75)
    layer.box(-1.1, floor, 1.1, 1.1, colours.ground2)
    layer.box(-1.1, floor - 0.03, 1.1, floor + 0.03, lighter(colours.ground2, 0.3))
    with layer.placed(random.uniform(-0.7, 0.7), random.uniform(-0.75, -0.4)):  # a picture on the wall
        layer.box(-0.3, -0.25, 0.3, 0.25, lighter(colours.ground2, 0.2))
        layer.box(-0.24, -0.19, 0.24, 0.19, mix(colours.ground, colours.ground2, 0.4))
    return _painted(colours, layer)


def _garden(random, colours):
    layer, h = Layer(), random.uniform(0.2, 0.6)
    hills = [(-1.5, h), (-0.6, h + random.uniform(-0.25, 0.1)), (0.3, h + random.uniform(-0.2, 0.2)), (1.5, h)]
    layer.blob([*hills, (1.5, 1.8), (-1.5, 1.8)], colours.ground2)
    with layer.placed(random.uniform(-0.8, 0.8), random.uniform(-0.8, -0.4)):
        if random.random() < 0.5:  # sun, or a cloud
            layer.oval(0, 0, 0.2, 0.2, mix(colours.ground, (252, 232, 150), 0.6))
        else:
            for x, y, rx, ry in ((0, 0, 0.3, 0.14), (0.2, 0.05, 0.24, 0.12), (-0.2, 0.05, 0.22, 0.1)):
                layer.oval(x, y, rx, ry, lighter(colours.ground, 0.4))
    return _painted(colours, layer)


def _stripes(random, colours):
    layer, width = Layer(), random.uniform(0.15, 0.35)
    with layer.placed(0, 0, 1, random.uniform(0, math.pi)):
        for k in range(-10, 11, 2):
            layer.box(-3, k * width, 3, (k + 1) * width, mix(colours.ground, colours.ground2, 0.45))
    return _painted(colours, layer)


def _dots(random, colours):
    layer, gap = Layer(), random.uniform(0.3, 0.5)
    start = random.uniform(0, gap)
    for i in range(-5, 5):
        for j in range(-5, 5):
            x, y = i * gap + start + (j % 2) * gap / 2, j * gap + start
            layer.oval(x, y, 0.2 * gap, 0.2 * gap, mix(colours.ground, colours.ground2, 0.6))
    return _painted(colours, layer)


def _bokeh(random, colours):
    layer = Layer()
    for _ in range(random.randint(5, 11)):
        x, y, radius = random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(0.1, 0.35)
        layer.oval(x, y, radius, radius, mix(colours.ground, colours.ground2, random.uniform(0.2, 0.7)))
    return _painted(colours, layer)


def _rays(random, colours):
    layer, rays = Layer(), random.choice((6, 8, 10))
    with layer.placed(random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), 3, random.uniform(0, 1)):
        for k in range(rays):
            a, b = 2 * math.pi * k / rays, 2 * math.pi * (k + 0.5) / rays
            ray = [(0, 0), (math.cos(a), math.sin(a)), (math.cos(b), math.sin(b))]
            layer.polygon(ray, mix(colours.ground, colours.ground2, 0.4))
    return _painted(colours, layer)


CALM = [_plain, _gradient]
BUSY = [_room, _garden, _stripes, _dots, _bokeh, _rays]


def draw_foreground(random, colours):
    """Something in front of the subject, in one picture of ten: grass, the edge of a box, or a leaf.

    Parameters
    ----------
    random : random.Random
    colours : Colours

    Returns
    -------
    PIL.Image.Image
        RGBA, CANVAS x CANVAS pixels; transparent in nine pictures of ten.
    """
    layer = Layer()
    if random.random() < 0.1:
        random.choice((_grass, _edge, _leaf))(layer, random, colours.front)
    return layer.image


def _grass(layer, random, colour):
    for k in range(12):
        x = -1 + 0.18 * k + random.uniform(-0.05, 0.05)
        tip = (x + random.uniform(-0.1, 0.1), random.uniform(0.6, 0.85))
        layer.stroke([(x, 1.1), tip], 0.1, colour, 0.02)


def _edge(layer, random, colour):
    layer.box(-1.1, random.uniform(0.65, 0.85), 1.1, 1.1, colour)


def _leaf(layer, random, colour):
    side, y = random.choice((-1, 1)), random.uniform(-0.4, 0.8)
    layer.oval(side * 0.95, y, 0.4, 0.2, colour, side * 0.6)
    layer.stroke([(side * 1.2, y + 0.17), (side * 0.7, y - 0.17)], 0.04, darker(colour, 0.3))
