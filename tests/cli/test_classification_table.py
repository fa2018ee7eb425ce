from rich.console import Console

from copycar.cli.classification_table import classification_table
from copycar.evaluation.classification import classify


def shown(found, width=80):
    console = Console(width=width)
    with console.capture() as capture:
        console.print(classification_table(found, "title"))
    return capture.get()


def test_the_table_fits_a_terminal_and_undefined_is_a_dash():
    lines = shown(classify([0, 0, 1], [0, 1, 1], ("left", "straight", "right"))).splitlines()
    assert max(map(len, lines)) <= 80
    row = next(line.split() for line in lines if line.strip().startswith("right"))
    assert row == ["right", "0", "0", "0", "-", "-", "-", "100%", "0"]
    assert "67% correct; always saying left: 67%" in " ".join(lines)


def test_twelve_classes_with_long_names_fit_too_named_once_below_the_matrix():
    names = [f"left_medium_backwards_{n}" for n in range(12)]
    lines = shown(classify([0, 11], [0, 11], names)).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("12 left_medium_backwards_11" in line for line in lines) == 1
    assert not any("..." in line or "…" in line for line in lines)
