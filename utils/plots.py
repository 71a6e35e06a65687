"""Pictures of the course: one palette, readable text, and words for those who can't see them.

A drawing is made without pyplot, so nothing is shown twice and nothing stays in memory. Functions that draw
return a `Drawing`; as the last line of a cell it shows the picture, its caption and its alternative text.
"""

import base64
import html
import io
from functools import cached_property

import numpy as np

# Okabe and Ito's colours: told apart by people with any common kind of colour blindness. The same thing has the same
# colour and marker everywhere in the course.
PALETTE = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#007E5A",
    "purple": "#A6538A",
    "grey": "#5F6368",
    "black": "#1A1A1A",
}
CLASS_COLOURS = (PALETTE["blue"], PALETTE["orange"])
CLASS_MARKERS = ("s", "o")
COLOURS = {
    "relu": PALETTE["orange"],
    "tanh": PALETTE["green"],
    "sigmoid": PALETTE["blue"],
    "training": PALETTE["grey"],
    "dev": PALETTE["green"],
    "test": PALETTE["purple"],
}

_STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "legend.fontsize": 10,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "lines.linewidth": 2.2,
    "lines.markersize": 7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "image.cmap": "gray",
    "figure.dpi": 120,
}


class Drawing:
    """A matplotlib figure with alternative text and a caption; shows itself in a notebook.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What the picture shows, with its conclusion, for a screen reader.
    caption : str
        What to notice; stands under the picture. May be empty.
    """

    def __init__(self, figure, alt, caption=""):
        if not alt.strip():
            raise ValueError("A drawing needs alternative text: say in a sentence what the picture shows.")
        self.figure, self.alt, self.caption = figure, alt, caption

    @cached_property
    def png(self):
        """The picture as bytes. Made once, so that a drawing that was kept shows again at once."""
        file = io.BytesIO()
        self.figure.savefig(file, format="png", facecolor="white")
        return file.getvalue()

    def _repr_html_(self):
        width = round(self.figure.get_figwidth() * 96)
        picture = base64.b64encode(self.png).decode()
        caption = (
            f'<figcaption style="line-height: 1.5">{html.escape(self.caption)}</figcaption>' if self.caption else ""
        )
        image = f'<img src="data:image/png;base64,{picture}" alt="{html.escape(self.alt)}"'
        style = f"width: {width}px; max-width: 100%; border-radius: 6px"
        return f'<figure style="margin: 0.5em 0">{image} style="{style}">{caption}</figure>'

    def __repr__(self):
        return f"[Picture: {self.alt}]"


def drawing(figure, alt, caption=""):
    """Give a figure its alternative text and caption. See `Drawing`."""
    return Drawing(figure, alt, caption)


def new_figure(rows=1, columns=1, size=(7.0, 4.0), **options):
    """A figure in the style of the course.

    Parameters
    ----------
    rows, columns : int
        How many panels.
    size : (width, height) in inches; a notebook shows an inch as 96 pixels. At most 9 inches wide.
    **options
        Handed to matplotlib's `Figure.subplots`, for example `sharey=True`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : one Axes, or an array of them, shape (rows, columns) without axes of length 1
    """
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(_STYLE)
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def plot_image_grid(images, titles=None, columns=8, alt=None, caption="", up=0.95):
    """Show pictures in a grid.

    Parameters
    ----------
    images : array, shape (k, h, w, 3) or (k, h, w), uint8 or floats between 0 and 1
    titles : sequence of k strings, or None
    columns : int
    alt, caption : str
    up : float
        Width of one picture in inches.

    Returns
    -------
    Drawing
    """
    images = np.asarray(images)
    if images.ndim not in (3, 4) or len(images) == 0:
        raise ValueError(f"Images need the shape (k, h, w, 3) with k > 0, but the shape is {images.shape}.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = up * images.shape[1] / images.shape[2] + (0.25 if titles is not None else 0.05)
    figure, axes = new_figure(rows, columns, (columns * (up + 0.05), rows * height + 0.05), squeeze=False)
    for place, axis in enumerate(axes.flat):
        axis.axis("off")
        if place < len(images):
            axis.imshow(images[place], interpolation="nearest")
            if titles is not None:
                axis.set_title(titles[place], fontsize=10, loc="center", pad=2)
    return drawing(figure, alt or f"{len(images)} pictures in a grid of {rows} rows.", caption)


def plot_learning_curve(costs, every=100, label="cost", alt=None, caption=""):
    """Draw one or more learning curves: the cost against the number of steps taken.

    Parameters
    ----------
    costs : sequence of numbers, or dict from a name to such a sequence
    every : int
        Steps between two recorded costs.
    label : str
        What the vertical axis shows.

    Returns
    -------
    Drawing
    """
    curves = costs if isinstance(costs, dict) else {label: costs}
    curves = {name: np.ravel(values) for name, values in curves.items()}
    if not curves or any(values.size == 0 for values in curves.values()):
        raise ValueError("There is no cost to draw: the list is empty. Did training run, and keep its costs?")
    figure, axis = new_figure()
    styles = zip(PALETTE.values(), ["-", "--", "-.", ":", "-", "--"], strict=True)
    for (name, values), (colour, dash) in zip(curves.items(), styles, strict=False):
        steps = every * np.arange(values.size)
        axis.plot(steps, values, dash, color=colour, label=name)
    if len(curves) > 1:
        axis.legend()
    axis.set(xlabel="steps of gradient descent", ylabel=label)
    ends = "; ".join(f"{name} goes from {v[0]:.3g} to {v[-1]:.3g}" for name, v in curves.items())
    return drawing(figure, alt or f"Learning curve. {ends}.", caption)


def plot_decision_boundary(predict, X, Y, alt=None, caption="", title="", axis=None, steps=120):
    """Colour the plane by what a classifier predicts, with the examples on top.

    Parameters
    ----------
    predict : function
        Takes points, shape (2, k), returns k predictions or probabilities between 0 and 1.
    X : array, shape (2, m)
    Y : array, shape (1, m), labels 0 and 1
    axis : matplotlib Axes, or None for a figure of its own
    steps : int
        Points of the grid along each side.

    Returns
    -------
    Drawing, or None when `axis` is given
    """
    X, labels = np.asarray(X), np.ravel(Y)
    if X.ndim != 2 or X.shape[0] != 2 or X.shape[1] != labels.size:
        raise ValueError(f"X needs the shape (2, m) and Y (1, m), but they are {X.shape} and {np.shape(Y)}.")
    figure = None
    if axis is None:
        figure, axis = new_figure(size=(5.5, 4.4))
    low, high = X.min(1), X.max(1)
    margin = 0.08 * (high - low)
    xs, ys = (np.linspace(a, b, steps) for a, b in zip(low - margin, high + margin, strict=True))
    grid = np.stack([v.ravel() for v in np.meshgrid(xs, ys)])
    share = np.reshape(np.asarray(predict(grid), dtype=float), (steps, steps))
    axis.contourf(xs, ys, share, levels=[-0.01, 0.5, 1.01], colors=["#CFE3F1", "#F6D9C6"])
    if share.min() <= 0.5 < share.max():
        axis.contour(xs, ys, share, levels=[0.5], colors=[PALETTE["black"]], linewidths=1.8)
    for c in (0, 1):
        axis.scatter(
            *X[:, labels == c], c=CLASS_COLOURS[c], marker=CLASS_MARKERS[c], s=26, edgecolor="white", lw=0.5,
            label=f"class {c}",
        )  # fmt: skip
    axis.set(xlabel="$x_1$", ylabel="$x_2$", title=title)
    if figure is None:
        return None
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    right = np.mean((np.ravel(predict(X)) > 0.5) == labels)
    return drawing(
        figure, alt or f"Decision boundary over {labels.size} points; {right:.0%} lie on their side.", caption
    )


def plot_misclassified(images, labels, predictions, classes, most=16, caption=""):
    """Show pictures that were classified wrongly, with what was said of them.

    Parameters
    ----------
    images : array, shape (m, h, w, 3)
    labels, predictions : arrays of m labels 0 and 1, e.g. shape (1, m)
    classes : sequence of two names
    most : int
        How many pictures at the most.

    Returns
    -------
    Drawing
    """
    labels, predictions = np.ravel(labels).astype(int), np.ravel(predictions).astype(int)
    if not len(images) == labels.size == predictions.size:
        raise ValueError(
            f"There are {len(images)} pictures, {labels.size} labels and {predictions.size} predictions; "
            "they need to be equally many."
        )
    wrong = np.flatnonzero(labels != predictions)
    if wrong.size == 0:
        figure, axis = new_figure(size=(5, 0.8))
        axis.axis("off")
        axis.text(0, 0.5, "Every picture was classified correctly.", va="center")
        return drawing(figure, "No picture: every one was classified correctly.", caption)
    shown = wrong[:most]
    titles = [f"said {classes[p]}" for p in predictions[shown]]
    alt = f"{shown.size} of the {wrong.size} pictures (out of {labels.size}) that were classified wrongly."
    return plot_image_grid(images[shown], titles, alt=alt, caption=caption)


def plot_weights(w, shape, alt=None, caption="", title="weights"):
    """Show a weight vector as a picture: orange pixels speak for class 1, blue ones against it.

    The three colour channels of a pixel are added up. White is zero.

    Parameters
    ----------
    w : array, shape (h * w * c, 1)
    shape : (h, w, c)

    Returns
    -------
    Drawing
    """
    w = np.asarray(w, dtype=float)
    if w.size != np.prod(shape):
        raise ValueError(f"{w.size} weights don't fill a picture of shape {tuple(shape)} ({np.prod(shape)} numbers).")
    from matplotlib.colors import LinearSegmentedColormap

    picture = w.reshape(shape).sum(axis=2)
    size = np.abs(picture).max() or 1.0
    figure, axis = new_figure(size=(4.6, 3.8))
    colours = LinearSegmentedColormap.from_list("weights", [PALETTE["blue"], "white", PALETTE["orange"]])
    shown = axis.imshow(picture, cmap=colours, vmin=-size, vmax=size, interpolation="nearest")
    axis.set_title(title)
    axis.axis("off")
    figure.colorbar(shown, ax=axis, label="against class 1   |   for class 1")
    return drawing(figure, alt or "Weights as a picture: orange speaks for class 1, blue against it.", caption)
