import matplotlib.axes
import pytest

from copycar.core.errors import CopycarError
from copycar.learning.curves import draw_curves

PNG = b"\x89PNG\r\n\x1a\n"


def epoch(number, *, loss=1.0, is_best=True, **figures):
    return {"number": number, "loss": loss, "is_best": is_best, "figures": {"score": 0.2, **figures}}


@pytest.fixture
def panels(monkeypatch):
    """The titles and the lines of every panel drawn."""
    drawn = {}
    title, plot = matplotlib.axes.Axes.set_title, matplotlib.axes.Axes.plot
    lines = {}

    def note_line(axes, x, y, *arguments, **options):
        lines.setdefault(id(axes), {})[options["label"]] = (x, y)
        return plot(axes, x, y, *arguments, **options)

    def note_title(axes, text, **options):
        drawn[text] = (axes, lines[id(axes)])
        return title(axes, text, **options)

    monkeypatch.setattr(matplotlib.axes.Axes, "plot", note_line)
    monkeypatch.setattr(matplotlib.axes.Axes, "set_title", note_title)
    return drawn


def test_the_steering_error_is_drawn_beside_the_mean_guess(tmp_path, panels):
    history = [epoch(n, steering_mae=0.3 / n, steering_baseline_mean_mae=0.25) for n in (1, 2, 3)]
    path = draw_curves(history, tmp_path / "curves.png")
    assert path.read_bytes().startswith(PNG)
    _, lines = panels["Steering: mean absolute error"]
    assert lines["held-out frames"][1].tolist() == pytest.approx([0.3, 0.15, 0.1])
    assert lines["always guess the mean"][1].tolist() == [0.25, 0.25, 0.25]


def test_the_epoch_that_became_the_policy_is_the_last_best_one(tmp_path, panels):
    draw_curves([epoch(n, loss=1 / n, is_best=n in (1, 3)) for n in range(1, 6)], tmp_path / "curves.png")
    _, lines = panels["Training loss"]
    assert lines["this epoch is the policy"] == (3.0, pytest.approx(1 / 3))


def test_what_no_epoch_tells_gets_no_panel(tmp_path, panels):
    draw_curves([epoch(1), epoch(2)], tmp_path / "curves.png")
    assert panels.keys() == {"Training loss", "Validation score (lower is better)"}
    draw_curves([epoch(1) | {"learning_rate": 1e-3}], tmp_path / "curves.png")
    assert "Learning rate" in panels


def test_a_loss_that_falls_tenfold_is_drawn_on_a_logarithmic_scale(tmp_path, panels):
    draw_curves([epoch(1, loss=10.0), epoch(2, loss=0.5)], tmp_path / "curves.png")
    assert panels["Training loss"][0].get_yscale() == "log"
    draw_curves([epoch(1, loss=10.0), epoch(2, loss=5.0)], tmp_path / "curves.png")
    assert panels["Training loss"][0].get_yscale() == "linear"


def test_a_training_without_an_epoch_and_a_folder_that_is_missing_are_named(tmp_path):
    with pytest.raises(CopycarError, match="no curve to draw"):
        draw_curves([], tmp_path / "curves.png")
    with pytest.raises(CopycarError, match="cannot write the picture"):
        draw_curves([epoch(1)], tmp_path / "missing" / "curves.png")
    assert list(tmp_path.iterdir()) == []
