import re
from html.parser import HTMLParser

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.evaluation.offline import compare_offline
from copycar.evaluation.offline.page import write_offline_page
from copycar.evaluation.offline.plots import write_plots
from copycar.evaluation.offline.strips import STRIP, broken, stretches
from copycar.testing.policy import write_policy
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

SIZE = (24, 32)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    tub = make_tub(folder / "tub", n_frames=120, n_episodes=2, image_size=SIZE)
    Tub.open(tub).delete([30, 31])
    policies = [write_policy(folder / f"{name}.onnx", SIZE, gain=g) for name, g in (("good", 12.0), ("<b>bad", 1))]
    return compare_offline(policies, [tub])


class Loads(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in {"src", "href"}]


def test_the_page_is_one_file_that_loads_nothing_and_escapes_names(compared, tmp_path):
    text = write_offline_page(tmp_path / "page.html", compared, command="copycar <evaluate>").read_text()
    loads = Loads()
    loads.feed(text)
    assert loads.found
    assert all(load.startswith("data:image/jpeg") for load in loads.found)
    assert "://" not in text
    assert "<b>bad" not in text
    assert "copycar &lt;evaluate&gt;" in text


def test_every_drive_is_drawn_for_both_axes_with_a_line_for_everybody(compared, tmp_path):
    text = write_offline_page(tmp_path / "page.html", compared).read_text()
    assert text.count('class="line truth"') == text.count('class="line p0"') == text.count('class="line p1"') == 4


def test_a_line_is_broken_at_a_gap(compared, tmp_path):
    text = write_offline_page(tmp_path / "page.html", compared).read_text()
    pieces = [path.count("M") for path in re.findall(r'class="line truth" d="([^"]*)"', text)]
    assert pieces == [2, 2, 1, 1]  # frames 30 and 31 of the first drive are deleted


def test_values_are_broken_before_a_frame_that_starts_anew_but_not_before_the_first():
    assert np.isnan(broken(np.ones(3, dtype=np.float32), np.array([True, False, True]))).tolist() == [0, 0, 1, 0]


def test_a_long_drive_is_cut_into_strips_that_hold_every_frame_once(compared):
    class Frames:
        episodes = (type(compared.frames.episodes[0])("a", 0, 2 * STRIP + 1),)

    found = list(stretches(Frames))
    assert [len(stretch) for stretch in found] == [333, 334, 334]
    assert [place for stretch in found for place in stretch] == list(range(2 * STRIP + 1))


def test_the_worst_frames_are_shown_with_what_everybody_said(compared, tmp_path):
    text = write_offline_page(tmp_path / "page.html", compared).read_text()
    worst = compared.worst(1)[0]
    assert f"frame {compared.frames.records[worst].index}: driver" in text
    assert text.count("<img ") == len(compared.worst())


def test_a_page_in_a_folder_that_is_missing_is_refused(compared, tmp_path):
    with pytest.raises(CopycarError, match="cannot write the page"):
        write_offline_page(tmp_path / "missing" / "page.html", compared)


@pytest.mark.slow
def test_plots_are_png_files_one_per_axis_and_one_per_policy(compared, tmp_path):
    paths = write_plots(tmp_path / "new" / "plots", compared)
    names = ["steering.png", "throttle.png", "directions-good.png", "directions-_b_bad.png"]
    assert [path.read_bytes()[:8] for path in paths] == [PNG] * 4
    assert sorted(path.name for path in paths) == sorted(path.name for path in (tmp_path / "new" / "plots").iterdir())
    assert [path.name for path in paths][:3] == names[:3]
