"""All exercises, one module for each assignment notebook."""

from autograder.catalogue import (
    activations,
    first_neuron,
    flower,
    logistic_regression,
    numpy_basics,
    quiz1,
    quiz2,
    quiz3,
)

_IN_ORDER = (first_neuron, quiz1, numpy_basics, logistic_regression, quiz2, activations, flower, quiz3)

EXERCISES = {id: exercise for notebook in _IN_ORDER for id, exercise in notebook.exercises.items()}
