"""What the notebooks use: data, plots, checks, gradient checking and the tools of the lessons.

Every name below loads its module when it is first used, so that `import utils` stays light: a notebook that only
checks a function never waits for matplotlib or h5py. This package never holds an answer to an exercise.
"""

from importlib import import_module

_HOME = {
    "Dataset": "data",
    "DataError": "data",
    "load_cats": "data",
    "load_hdf5": "data",
    "load_photo": "data",
    "load_checks": "checks",
    "make_blobs": "shapes",
    "make_circles": "shapes",
    "make_flower": "shapes",
    "make_moons": "shapes",
    "make_rings": "shapes",
    "numerical_gradient": "gradients",
    "relative_error": "gradients",
    "COLOURS": "plots",
    "PALETTE": "plots",
    "drawing": "plots",
    "new_figure": "plots",
    "plot_decision_boundary": "plots",
    "plot_image_grid": "plots",
    "plot_learning_curve": "plots",
    "plot_misclassified": "plots",
    "plot_weights": "plots",
    "accuracy_interval": "statistics",
    "progress": "progress_bar",
    "ask": "live",
    "attempt": "lesson",
    "compare": "lesson",
    "explore": "live",
    "my_predictions": "lesson",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'utils' has no attribute {name!r}")
    return getattr(import_module(f"utils.{_HOME[name]}"), name)


def __dir__():
    return __all__
