"""Shapes on a transparent canvas, in coordinates from -1 to 1 (x to the right, y down).

The canvas is four times the size of the picture, which is shrunk at the end, so that edges are smooth.
Corners are rounded to whole canvas pixels: a last digit that differs from one machine to another vanishes.
"""

import math
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageDraw

SIZE = 64  # pixels of a picture, in width and in height
OVERSAMPLING = 4
CANVAS = SIZE * OVERSAMPLING

# The coordinates of every canvas pixel, each of shape (1, CANVAS) or (CANVAS, 1).
X = ((np.arange(CANVAS) + 0.5) / (CANVAS / 2) - 1)[None, :]
Y = X.T


def direction(angle):
    """Cosine and sine of an angle in radians, to four digits, so that every machine agrees."""
    return round(math.cos(angle), 4), round(math.sin(angle), 4)


def spline(points, steps=8, closed=True):
    """A smooth curve (Catmull-Rom) through the points.

    Parameters
    ----------
    points : sequence of (x, y), length k
    steps : int
        Points on the curve for each point given.
    closed : bool
        Whether the last point is joined to the first.

    Returns
    -------
    array, shape (k * steps, 2), or ((k - 1) * steps + 1, 2) when open
    """
    p = np.asarray(points, float)
    p = np.concatenate([p[-1:], p, p[:2]] if closed else [p[:1], p, p[-1:]])
    t = (np.arange(steps) / steps)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True)
    ]
    return np.concatenate(pieces if closed else [*pieces, p[-1:]])


def ellipse(x, y, rx, ry, rotation=0.0, corners=40):
    """The outline of an ellipse about (x, y), shape (corners, 2)."""
    angle = np.arange(corners) * (2 * math.pi / corners)
    across, down = rx * np.cos(angle), ry * np.sin(angle)
    c, s = math.cos(rotation), math.sin(rotation)
    return np.stack([x + c * across - s * down, y + s * across + c * down], axis=1)


class Layer:
    """A transparent canvas to draw on. Every shape takes a colour (R, G, B)."""

    def __init__(self):
        self.image = Image.new("RGBA", (CANVAS, CANVAS), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)
        self._matrix, self._shift = np.eye(2), np.zeros(2)

    @contextmanager
    def placed(self, x, y, scale=1.0, rotation=0.0, flip=False, squeeze=1.0):
        """Inside ``with layer.placed(...)``, shapes are drawn about (x, y), scaled and turned.

        ``flip`` mirrors left and right; ``squeeze`` is an extra scale of the width.
        """
        before = self._matrix, self._shift
        c, s = math.cos(rotation), math.sin(rotation)
        width = scale * squeeze * (-1 if flip else 1)
        self._shift = self._shift + self._matrix @ np.array([x, y])
        self._matrix = self._matrix @ np.array([[c, -s], [s, c]]) @ np.diag([width, scale])
        try:
            yield self
        finally:
            self._matrix, self._shift = before

    def polygon(self, points, colour):
        """Fill the polygon with these corners, shape (k, 2)."""
        placed = np.asarray(points, float) @ self._matrix.T + self._shift
        pixels = np.round((placed + 1) * (CANVAS / 2)).astype(int)
        self._draw.polygon([tuple(corner) for corner in pixels.tolist()], fill=(*colour, 255))

    def blob(self, points, colour):
        """Fill a smooth closed curve through the points."""
        self.polygon(spline(points), colour)

    def oval(self, x, y, rx, ry, colour, rotation=0.0):
        """Fill an ellipse about (x, y)."""
        self.polygon(ellipse(x, y, rx, ry, rotation), colour)

    def box(self, left, top, right, bottom, colour):
        """Fill a rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def stroke(self, points, width, colour, end_width=None):
        """Draw a smooth line with round ends; it may taper to another width."""
        path = spline(points, closed=False) if len(points) > 2 else np.asarray(points, float)
        end_width = width if end_width is None else end_width
        along = np.gradient(path, axis=0)
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.linalg.norm(along, axis=1, keepdims=True)
        half = normal * (np.linspace(width, end_width, len(path)) / 2)[:, None]
        self.polygon(np.concatenate([path + half, (path - half)[::-1]]), colour)
        self.oval(*path[0], width / 2, width / 2, colour)
        self.oval(*path[-1], end_width / 2, end_width / 2, colour)
