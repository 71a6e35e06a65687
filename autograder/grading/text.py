"""Words for people: what others chose, made harmless, and numbers with their nouns."""

STOPPED = "Stopped. What was graded is kept: the next run goes on from there."


def printable(text: str) -> str:
    """Text without what could move a terminal's cursor, such as a line break or an escape in a file's name."""
    return "".join(character if character.isprintable() else "?" for character in text)


def printable_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(map(printable, text.split("\n")))


def few(sentences: list[str], most: int = 20) -> list[str]:
    """Every sentence once, and not too many."""
    sentences = list(dict.fromkeys(sentences))
    if len(sentences) > most:
        sentences[most - 1 :] = [f"{len(sentences) - most + 1} more remarks like these were left out."]
    return sentences


def count(number: int, noun: str) -> str:
    """ "1 notebook", "2 notebooks"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
