"""Questions from a TOML file: what is read, and the sentence for each way to get it wrong."""

import pytest

from autograder.exercises.quiz import questions


def read(tmp_path, text):
    file = tmp_path / "quiz9.toml"
    file.write_text(text, encoding="utf-8")
    return questions(file)


def test_questions_come_in_the_order_of_the_file(tmp_path):
    first, second = read(tmp_path, '[question_2]\na = "No."\nb = "Yes."\n[question_1]\nb = "No."\na = "Yes."')
    assert [first.id, second.id] == ["quiz9.question_2", "quiz9.question_1"]
    assert first.options == {"a": "No.", "b": "Yes."}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[question_1]\na = "No."\nc = "Yes."', "quiz9.toml, question_1: option b is missing."),
        ('[question_1]\na = "No."\nb = "Yes."\nhint = "Think."', "quiz9.toml, question_1: unknown key 'hint'"),
        ('[question_1]\na = "No."\nb = 2', "quiz9.toml, question_1: option b needs a sentence."),
        ('[question_1]\na = "No."\nb = " "', "quiz9.toml, question_1: option b needs a sentence."),
        ('[question_1]\na = "No."', "quiz9.toml, question_1: a question has two options or more."),
        ('[Question_1]\na = "No."\nb = "Yes."', "quiz9.toml, Question_1: only tables such as [question_1]"),
        ("points = 2", "quiz9.toml, points: only tables such as [question_1]"),
        ('[question_1]\na = "No."\na = "Yes."', "quiz9.toml is no TOML: Cannot overwrite a value (at "),
    ],
)
def test_errors_say_where(tmp_path, text, says):
    with pytest.raises(ValueError) as failed:  # noqa: PT011
        read(tmp_path, text)
    assert says in str(failed.value)
