"""A whole picture. Only ``draw_subject`` is told whether a cat is wanted; everything else is not.

Each picture, and each part of it, has its own random generator. So a picture can be drawn again alone, and
its background, colours, place and light are the same whatever the subject is.
"""

import math
from random import Random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from .background import draw_background, draw_foreground
from .canvas import OVERSAMPLING, SIZE, Layer, X, Y, direction
from .cats import CATS
from .others import OTHERS
from .palette import choose_colours

# The subject stands in one of the four quarters. One linear template cannot follow it there; hidden units can.
QUARTERS = [(-0.3, -0.3), (0.3, -0.3), (-0.3, 0.3), (0.3, 0.3)]
SCALE = 0.54


class Placement(NamedTuple):
    """Where the subject stands, and how: the arguments of ``Layer.placed``."""

    x: float
    y: float
    scale: float
    rotation: float
    flip: bool
    squeeze: float


class Light(NamedTuple):
    """Light from one side: ``amount`` (0..0.25) is how much brighter that side is."""

    x: float
    y: float
    amount: float


def choose_placement(random):
    """Choose a quarter, then move, scale, turn and mirror a little."""
    x, y = random.choice(QUARTERS)
    return Placement(
        x=x + random.gauss(0, 0.027),
        y=y + random.gauss(0, 0.027),
        scale=SCALE * random.uniform(0.95, 1.03),
        rotation=random.gauss(0, 0.04),
        flip=random.random() < 0.5,
        squeeze=random.uniform(0.93, 1.07),
    )


def choose_light(random):
    """Choose the side and the strength of the light."""
    x, y = direction(random.uniform(0, 2 * math.pi))
    return Light(x, y, round(random.uniform(0, 0.25), 4))


def draw_subject(random, colours, placement, is_cat):
    """Draw a cat, or something else, on a transparent canvas.

    Returns
    -------
    PIL.Image.Image
        RGBA, CANVAS x CANVAS pixels.
    """
    draw, scale = random.choice(CATS if is_cat else OTHERS)
    layer = Layer()
    with layer.placed(*placement), layer.placed(0, 0, scale):
        draw(layer, random, colours)
    return layer.image


def shine(image, light):
    """Brighten one side of an RGBA image and darken the other."""
    pixels = np.asarray(image).astype(np.float64)
    factor = 1 + np.round(light.amount * (light.x * X + light.y * Y) / 0.03) * 0.03  # few steps, as in a gradient
    pixels[..., :3] = np.clip(pixels[..., :3] * factor[..., None], 0, 255)
    return Image.fromarray(np.round(pixels).astype(np.uint8))


def draw_picture(seed, index, is_cat):
    """Draw one picture.

    Parameters
    ----------
    seed : int or str
        The set of pictures.
    index : int
        The picture's place in the set.
    is_cat : bool
        Whether the subject is a cat.

    Returns
    -------
    array of uint8, shape (64, 64, 3)
    """

    def generator(part):
        return Random(f"{seed}/{index}/{part}")

    colours = choose_colours(generator("colours"))
    light = choose_light(generator("light"))
    placement = choose_placement(generator("placement"))
    image = draw_background(generator("background"), colours)
    subject = shine(draw_subject(generator("subject"), colours, placement, is_cat), light)

    shadow = subject.getchannel("A").filter(ImageFilter.BoxBlur(7)).point(lambda alpha: alpha // 32 * 10)
    image.paste((24, 20, 34), (round(-13 * light.x), round(-13 * light.y)), shadow)
    image.paste(subject, (0, 0), subject)
    front = draw_foreground(generator("foreground"), colours)
    image.paste(front, (0, 0), front)
    return np.asarray(image.reduce(OVERSAMPLING))


def balanced_labels(seed, m):
    """Labels 0 and 1 in random order; every even number of leading labels has as many of each.

    Parameters
    ----------
    seed : int or str
    m : int
        How many; even.

    Returns
    -------
    array of int64, shape (m,)
    """
    random = Random(f"{seed}/labels")
    pairs = [random.sample((0, 1), 2) for _ in range(m // 2)]
    return np.array(pairs, dtype=np.int64).reshape(-1)


def draw_set(seed, m, progress=iter):
    """Draw m pictures, half of them cats.

    Parameters
    ----------
    seed : int or str
    m : int
        How many; even.
    progress : callable
        Wraps the loop, as ``tqdm`` does.

    Returns
    -------
    X : array of uint8, shape (m, 64, 64, 3)
    Y : array of int64, shape (m,)
        1 for a cat, 0 for anything else.
    """
    Y = balanced_labels(seed, m)
    X = np.empty((m, SIZE, SIZE, 3), np.uint8)
    for i in progress(range(m)):
        X[i] = draw_picture(seed, i, bool(Y[i]))
    return X, Y
