"""Exercises of source/week3/activations.ipynb.

The inputs of the slopes of ReLU and leaky ReLU never hold 0: there mathematics leaves the slope open, and any
convention has to pass.
"""

import numpy as np

from autograder.catalogue.shared.sigmoid import math_exp
from autograder.catalogue.shared.whole_numbers import cut_to_whole_numbers
from autograder.exercises.draws import among, both_signs, numbers, whole_numbers
from autograder.exercises.exercise import Mistake, case, exercise
from utils.checks.kinds import Array

RESULT = [Array("result")]
SLOPE = [Array("slope")]


def _any_numbers(rng):
    """Cases for a smooth function of any array."""
    return [
        case(z=both_signs(rng, 3, 4)),
        case(z=numbers(rng, 5)),
        case(z=np.array([-2.0, 0.0, 1.0])),
        case("on whole numbers", z=whole_numbers(rng)),
        case("on three axes", z=numbers(rng, 2, 3, 2)),
    ]


def _nonzero_numbers(rng, whole="on whole numbers"):
    """Cases for a function with a kink at 0, of any array. An array like that of the third can't hold 0.01."""
    return [
        case(z=both_signs(rng, 3, 4)),
        case(z=100.0 * both_signs(rng, 5)),
        case(whole, z=whole_numbers(rng)),
        case("on three axes", z=both_signs(rng, 2, 3, 2)),
    ]


def _clipped_or_not(name, says, old, new):
    """A mistake in `tanh` as those make it who limit z first, and as those do who don't: nan at -1000 and 1000."""
    unclipped = ("z = np.clip(z, -500, 500)", "")
    return Mistake(name, says, old, new), Mistake(f"{name}-unclipped", says, unclipped, (old, new))


def tanh(rng):
    return [*_any_numbers(rng), case("at -1000 and 1000", z=among(rng, -1000.0, 1000.0))]


exercise(
    tanh,
    outputs=RESULT,
    mistakes=[
        *_clipped_or_not(
            "brackets-lost",
            "Brackets are missing: a - b / c + d divides b by c only. Put the whole numerator and the whole "
            "denominator in brackets.",
            "(up - down) / (up + down)",
            "up - down / up + down",
        ),
        *_clipped_or_not(
            "tanh-of-tanh",
            "You take tanh of the fraction. The fraction is tanh already: return it as it is.",
            "(up - down) / (up + down)",
            "np.tanh((up - down) / (up + down))",
        ),
        *_clipped_or_not(
            "fraction-upside-down",
            "Your fraction stands on its head: the difference goes on top, the sum below.",
            "(up - down) / (up + down)",
            "(up + down) / (up - down)",
        ),
        *_clipped_or_not(
            "powers-swapped",
            "The sign is turned around: e to the z comes first in the numerator, minus e to the -z.",
            "(up - down) / (up + down)",
            "(down - up) / (up + down)",
        ),
        *_clipped_or_not(
            "half-of-z",
            "That is tanh of z / 2: (1 - e^-z) / (1 + e^-z). In tanh both exponentials, of z and of -z, "
            "stand above and below.",
            "(up - down) / (up + down)",
            "(1 - down) / (1 + down)",
        ),
        Mistake(
            "sigmoid",
            "That is the sigmoid, between 0 and 1. tanh lies between -1 and 1, and is 0 at 0.",
            "(up - down) / (up + down)",
            "1 / (1 + down)",
        ),
        Mistake(
            "halved",
            "You divide by 2, which gives another function, sinh. Divide by the sum of the two exponentials.",
            "(up - down) / (up + down)",
            "(up - down) / 2",
        ),
        math_exp("np.exp(z)"),
        Mistake(
            "overflow",
            "At z = 1000, e to the z is too big for a float, and infinity by infinity gives nan. "
            "Limit z first with np.clip(z, -500, 500).",
            "z = np.clip(z, -500, 500)",
            "",
        ),
        cut_to_whole_numbers("z", "a"),
    ],
)


def leaky_relu(rng):
    return _nonzero_numbers(rng)


exercise(
    leaky_relu,
    outputs=RESULT,
    mistakes=[
        Mistake(
            "no-leak",
            "That is plain ReLU: negative numbers became 0. They should keep a hundredth of themselves, 0.01 * z.",
            "0.01 * z",
            "0",
        ),
        Mistake(
            "branches-swapped",
            "You shrink the positive numbers and keep the negative ones. It is the other way round.",
            "np.where(z > 0, z, 0.01 * z)",
            "np.where(z > 0, 0.01 * z, z)",
        ),
        Mistake(
            "constant-leak", "For negative z you return 0.01 itself. The z is missing: 0.01 * z.", "0.01 * z", "0.01"
        ),
        Mistake(
            "sign-turned",
            "Negative numbers came out positive. A hundredth of a negative number is still negative: 0.01 * z.",
            "0.01 * z",
            "-0.01 * z",
        ),
        Mistake(
            "leak-too-large", "Your slope on the left is 0.1. Here it is a hundredth, 0.01.", "0.01 * z", "0.1 * z"
        ),
        Mistake(
            "slope-for-value",
            "You return the slope, 1 or 0.01. Here the value is asked: z or 0.01 * z.",
            "np.where(z > 0, z, 0.01 * z)",
            "np.where(z > 0, 1, 0.01)",
        ),
        Mistake(
            "one-at-a-time",
            "Python's max and if decide about one number; z is an array. np.maximum or np.where decide for each entry.",
            "np.where(z > 0, z, 0.01 * z)",
            "max(z, 0.01 * z)",
        ),
        Mistake(
            "integers-cut",
            "A hundredth of -2 became 0: a copy of an array of whole numbers holds whole numbers only. "
            "Let np.where or np.maximum make a new array.",
            "a = np.where(z > 0, z, 0.01 * z)",
            "a = z.copy()\na[z < 0] = 0.01 * z[z < 0]",
        ),
        Mistake(
            "integers-in-place",
            "An array of whole numbers can't become hundredths where it stands, so *= stops. "
            "Let np.where or np.maximum make a new array.",
            "a = np.where(z > 0, z, 0.01 * z)",
            "a = z.copy()\na[z < 0] *= 0.01",
        ),
    ],
)


def sigmoid_prime(rng):
    return _any_numbers(rng)


exercise(
    sigmoid_prime,
    outputs=SLOPE,
    mistakes=[
        Mistake(
            "value-for-slope",
            "That is the sigmoid itself. Its slope is a * (1 - a), with a the sigmoid of z.",
            "a * (1 - a)",
            "a",
        ),
        Mistake(
            "z-for-a",
            "You used z where a is due. z comes in before the sigmoid: first a = sigmoid(z), then a * (1 - a).",
            "a * (1 - a)",
            "z * (1 - z)",
        ),
        Mistake("plus-for-minus", "It is a * (1 - a), with a minus in the bracket.", "1 - a", "1 + a"),
        Mistake(
            "factor-lost",
            "You have 1 - a, which is e^-z / (1 + e^-z). The factor a is missing: a * (1 - a).",
            "a * (1 - a)",
            "1 - a",
        ),
        Mistake(
            "slope-of-tanh",
            "1 - a ** 2 belongs to tanh. For the sigmoid it is a * (1 - a).",
            "a * (1 - a)",
            "1 - a ** 2",
        ),
        Mistake(
            "sign-turned",
            "Your slope is negative, but the sigmoid always rises. It is a minus its square: a * (1 - a).",
            "a * (1 - a)",
            "a * (a - 1)",
        ),
        cut_to_whole_numbers("z", "slope"),
    ],
)


def tanh_prime(rng):
    return _any_numbers(rng)


exercise(
    tanh_prime,
    outputs=SLOPE,
    uses=["tanh"],
    mistakes=[
        Mistake(
            "value-for-slope", "That is tanh itself. Its slope is 1 - a ** 2, with a the tanh of z.", "1 - a ** 2", "a"
        ),
        Mistake(
            "z-for-a", "You used z where a is due: first a = tanh(z), then 1 - a ** 2.", "1 - a ** 2", "1 - z ** 2"
        ),
        Mistake("square-lost", "The square is missing: it is 1 - a ** 2, not 1 - a.", "a ** 2", "a"),
        Mistake(
            "square-of-all",
            "You square the whole bracket. Only a is squared: 1 - a ** 2.",
            "1 - a ** 2",
            "(1 - a) ** 2",
        ),
        Mistake(
            "slope-of-sigmoid",
            "a * (1 - a) belongs to the sigmoid. For tanh it is 1 - a ** 2.",
            "1 - a ** 2",
            "a * (1 - a)",
        ),
        Mistake("plus-for-minus", "It is 1 - a ** 2, with a minus.", "1 - a ** 2", "1 + a ** 2"),
        Mistake(
            "sign-turned",
            "Your slope is negative, but tanh always rises. It is 1 minus the square: 1 - a ** 2.",
            "1 - a ** 2",
            "a ** 2 - 1",
        ),
        cut_to_whole_numbers("z", "slope"),
    ],
)


def relu_prime(rng):
    # Slopes of 0 and 1 are whole numbers themselves: nothing special here.
    return _nonzero_numbers(rng, whole="")


exercise(
    relu_prime,
    outputs=SLOPE,
    mistakes=[
        Mistake(
            "value-for-slope",
            "That is ReLU itself. Its slope is 1 wherever z is positive, however large z is.",
            "np.where(z > 0, 1.0, 0.0)",
            "np.maximum(0, z)",
        ),
        Mistake(
            "sides-swapped",
            "The sides are swapped: on the right of 0 the curve climbs with slope 1, on the left it is flat.",
            "np.where(z > 0, 1.0, 0.0)",
            "np.where(z > 0, 0.0, 1.0)",
        ),
        Mistake(
            "ones-everywhere",
            "Your slope is 1 everywhere. Where z is negative, ReLU is flat: slope 0.",
            "np.where(z > 0, 1.0, 0.0)",
            "np.ones(z.shape)",
        ),
        Mistake(
            "sign-of-z",
            "Your slope is -1 for negative z. There ReLU doesn't fall, it is flat: slope 0.",
            "np.where(z > 0, 1.0, 0.0)",
            "np.sign(z)",
        ),
        Mistake(
            "leaky",
            "0.01 is the slope of leaky ReLU. Plain ReLU is flat on the left: slope 0.",
            "np.where(z > 0, 1.0, 0.0)",
            "np.where(z > 0, 1.0, 0.01)",
        ),
        Mistake(
            "one-at-a-time",
            "`if` decides about one number; z is an array. A comparison such as z > 0 decides for each entry.",
            "np.where(z > 0, 1.0, 0.0)",
            "1.0 if z > 0 else 0.0",
        ),
    ],
)


def leaky_relu_prime(rng):
    return _nonzero_numbers(rng)


exercise(
    leaky_relu_prime,
    outputs=SLOPE,
    mistakes=[
        Mistake(
            "no-leak",
            "That is the slope of plain ReLU. On the left leaky ReLU still climbs, with slope 0.01.",
            "np.where(z > 0, 1.0, 0.01)",
            "np.where(z > 0, 1.0, 0.0)",
        ),
        Mistake(
            "value-for-slope",
            "That is leaky ReLU itself. Its slope is a constant on either side: 1 or 0.01.",
            "np.where(z > 0, 1.0, 0.01)",
            "np.where(z > 0, z, 0.01 * z)",
        ),
        Mistake(
            "value-on-the-left",
            "On the left you return 0.01 * z, the value. The slope there is 0.01, whatever z is.",
            "np.where(z > 0, 1.0, 0.01)",
            "np.where(z > 0, 1.0, 0.01 * z)",
        ),
        Mistake(
            "sides-swapped",
            "The sides are swapped: slope 1 on the right of 0, 0.01 on the left.",
            "np.where(z > 0, 1.0, 0.01)",
            "np.where(z > 0, 0.01, 1.0)",
        ),
        Mistake(
            "sign-turned",
            "Your slope on the left is negative, but the curve rises there, too, from left to right: 0.01.",
            "np.where(z > 0, 1.0, 0.01)",
            "np.where(z > 0, 1.0, -0.01)",
        ),
        Mistake(
            "leak-too-large",
            "Your slope on the left is 0.1. Here it is a hundredth, 0.01.",
            "np.where(z > 0, 1.0, 0.01)",
            "np.where(z > 0, 1.0, 0.1)",
        ),
        Mistake(
            "one-at-a-time",
            "`if` decides about one number; z is an array. np.where(z > 0, ..., ...) decides for each entry.",
            "np.where(z > 0, 1.0, 0.01)",
            "1.0 if z > 0 else 0.01",
        ),
        Mistake(
            "overwritten",
            "Your slope is 1 on both sides: the 0.01 that you wrote first is positive, and z > 0 finds it again. "
            "Make a new array from z as it came.",
            "slope = np.where(z > 0, 1.0, 0.01)",
            "slope = z\nslope[slope < 0] = 0.01\nslope[slope > 0] = 1",
        ),
        Mistake(
            "integers-cut",
            "The slope 0.01 became 0: np.ones_like of whole numbers holds whole numbers only. "
            "Use np.where, or np.ones(z.shape).",
            "slope = np.where(z > 0, 1.0, 0.01)",
            "slope = np.ones_like(z)\nslope[z < 0] = 0.01",
        ),
    ],
)
