"""All exercises, in the folders and under the names of the notebooks in source/.

weekN/NAME.py     functions of source/weekN/NAME.ipynb: for each what is drawn, what it gives, which mistakes are known
weekN/quizK.toml  questions of source/weekN/quizK.ipynb: for each option why it is right, or what speaks against it
shared/           families of mistakes that several assignments know

They are found, not listed: a new file is enough. Inside a file, functions stand in the order of the notebook.
"""

from importlib import import_module
from pathlib import Path

from autograder.exercises.exercise import EXERCISES, add
from autograder.exercises.quiz import questions

for _file in sorted(Path(__file__).parent.glob("week*/*")):
    if _file.suffix == ".toml":
        for _question in questions(_file):
            add(_question)
    elif _file.suffix == ".py" and _file.stem != "__init__":
        import_module(f"{__name__}.{_file.parent.name}.{_file.stem}")

__all__ = ["EXERCISES"]
