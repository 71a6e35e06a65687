"""Draws the pictures of cats.h5: 64 x 64 pixels, a cat or something else, made with Pillow.

``draw_picture(seed, index, is_cat)`` is the whole interface. Read the modules in this order:
``palette`` (colours), ``canvas`` (shapes), ``parts``, ``cats`` and ``others`` (the subjects),
``background`` (what lies behind and before them) and ``scene`` (the picture).
"""

from .canvas import SIZE
from .scene import draw_picture, draw_set

__all__ = ["SIZE", "draw_picture", "draw_set"]
