"""Draws the picture at the top of each lesson, with the lesson's own drawing function: make pictures"""

from pathlib import Path

from tests.support.lessons import LESSONS, Lesson

HERE = Path(__file__).parent

# Lesson -> from what its cells made, a Drawing.
FIRST = {
    "week1_1_what_is_a_neural_network": lambda made: made["draw_curve"](count=9),
    "week4_1_from_two_layers_to_many": lambda made: made["draw_shapes"](net="[4, 6, 3, 5, 1]", m=5),
    "week4_2_backward_through_layers": lambda made: made["draw_shelf"](stage=6),
    "week4_3_why_deep": lambda made: made["draw_tiles"](size=16),
    "week4_4_an_empirical_science": lambda made: made["draw_growth"](names="ABC"),
}


def main():
    for path in LESSONS:
        if path.stem in FIRST:
            drawing = FIRST[path.stem](Lesson(path).run.namespace)
            (HERE / f"{path.stem}.png").write_bytes(drawing.png)
            print(f"{path.stem}.png: {drawing.alt}")


if __name__ == "__main__":
    main()
