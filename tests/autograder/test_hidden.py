"""The hidden test of a graded cell, in a notebook."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder import EXERCISES, hidden_test


@pytest.fixture
def namespace(monkeypatch):
    """The names of a notebook's shell."""
    shell = InteractiveShell()
    monkeypatch.setattr("autograder.hidden.get_ipython", lambda: shell)
    return shell.user_ns


def test_a_function_is_found_by_its_name(namespace, capsys):
    namespace["softmax"] = EXERCISES["numpy_basics.softmax"].reference
    earned = hidden_test("numpy_basics.softmax", points=20)
    assert (type(earned), earned) == (float, 20.0)
    assert "wrong" not in capsys.readouterr().out

    namespace["softmax"] = EXERCISES["numpy_basics.softmax"].mistaken["no-maximum"]
    assert 0 < hidden_test("numpy_basics.softmax", points=20) < 20
    assert "Subtract each row's maximum first" in capsys.readouterr().out


def test_a_function_that_is_not_defined_earns_nothing_and_is_told_in_a_sentence(namespace, capsys):
    assert hidden_test("numpy_basics.softmax", points=20) == 0.0
    out = capsys.readouterr().out
    assert "There is no softmax: the cell that should define it didn't run, or defines another name." in out
    assert "Traceback" not in out


def test_outside_a_notebook_it_says_what_to_call():
    with pytest.raises(RuntimeError, match="Elsewhere call judge"):
        hidden_test("numpy_basics.softmax", points=20)
