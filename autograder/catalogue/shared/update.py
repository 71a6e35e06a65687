"""Mistakes about a step of gradient descent, which every training makes."""

from collections.abc import Mapping

from autograder.exercises.exercise import Mistake

# Of whoever takes the steps: the reference has to say `range(num_iterations)`.
ONE_STEP_SHORT = Mistake(
    "one-step-short",
    "One step is missing: take num_iterations steps, range(num_iterations).",
    "range(num_iterations)",
    "range(num_iterations - 1)",
)


def update_mistakes(who: str, example: str, gradients: Mapping[str, str]) -> list[Mistake]:
    """What goes wrong in a step.

    The reference has to say `parameter - learning_rate * gradient` for each parameter.

    Parameters
    ----------
    who
        The parameters, as a sentence begins: "w and b".
    example
        One right step: "w = w - learning_rate * dw".
    gradients
        Parameter to gradient, as the reference writes them: {"w": "grads['dw']"}.
    """

    def instead(form: str) -> list[tuple[str, str]]:
        return [
            (f"{parameter} - learning_rate * {gradient}", form.format(parameter=parameter, gradient=gradient))
            for parameter, gradient in gradients.items()
        ]

    return [
        Mistake(
            "climbs",
            f"{who} go uphill: subtract the learning rate times the gradient.",
            *instead("{parameter} + learning_rate * {gradient}"),
        ),
        Mistake(
            "learning-rate-lost",
            "The learning rate is missing: a step is learning_rate times the gradient.",
            *instead("{parameter} - {gradient}"),
        ),
        Mistake(
            "subtraction-lost",
            f"{who} became the step itself. A step is subtracted: {example}.",
            *instead("learning_rate * {gradient}"),
        ),
    ]
