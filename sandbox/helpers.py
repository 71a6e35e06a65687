"""The helpers' process: calls helpers of ours for students' functions. No student's code ever runs here.

Each request is a call, with values that a student's process made up:

    {"helper": name, "arguments", "options"}      -> {"value"} or {"raised": the kind of an error, "message"}

A call that takes too long is ended by the trusted side, which kills the process and starts another.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from sandbox.wire import Channel, Closed, Message, WireError
from utils.checks.calling import patient

Functions = dict[str, Callable[..., Any]]

LONGEST_MESSAGE = 500


def define(source: str) -> Functions:
    """The functions that a source defines, by name; they share their globals, and are patient with arguments."""
    namespace: dict[str, Any] = {"__name__": "helpers"}
    exec(compile(source, "<helpers>", "exec"), namespace)
    own = {name: value for name, value in namespace.items() if getattr(value, "__module__", None) == "helpers"}
    return {name: patient(function) for name, function in own.items()}


def serve(helpers: Functions, channel: Channel) -> None:
    """Answer calls until the other side closes.

    Parameters
    ----------
    helpers : dict from name to function
        What `define` gave.
    channel : Channel
    """
    np.random.seed(0)  # whoever draws random numbers draws the same ones wherever it is graded
    while True:
        try:
            request = channel.receive()
            try:
                channel.send(answer(helpers, request))
            except WireError as reason:
                channel.send(_raised(ValueError(f"our {request['helper']} gives too much: {reason}")))
        except Closed:
            return


def answer(helpers: Functions, request: Message) -> Message:
    """The reply to one call."""
    try:
        arguments, options = request["arguments"], request["options"]
        if not isinstance(arguments, list | tuple) or not isinstance(options, dict):
            raise ValueError("arguments are a list, and options a dict")
        with np.errstate(all="ignore"):
            return {"value": helpers[request["helper"]](*arguments, **options)}
    except Exception as error:  # as it would have reached the student's code
        return _raised(error)


def _raised(error: Exception) -> Message:
    # Libraries have kinds of their own; the student's process makes it anew from what Python has.
    kind = next(kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
    return {"raised": kind.__name__, "message": str(error)[:LONGEST_MESSAGE]}
