import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision, Frame
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.work.balance import balance
from copycar.tubs.work.clean import clean, find
from copycar.tubs.work.hist import distribution
from copycar.tubs.work.hist_page import write_hist
from copycar.tubs.work.movie import EXECUTED, draw_frame, make_movie


@pytest.fixture
def tub(tmp_path):
    return Tub.open(make_tub(tmp_path / "tub", n_frames=40, n_episodes=2, image_size=(24, 32)))


def test_cleaning_deletes_what_fits_and_can_be_undone(tub):
    wanted = {record.index for record in tub.records if record.action.throttle < 0.4}
    assert set(find(tub, "throttle < 0.4")) == wanted != set()
    assert len(tub) == 40
    clean(tub, "throttle < 0.4")
    assert tub.deleted == wanted
    assert tub.undo().why == "clean: throttle < 0.4"
    assert len(tub) == 40


def test_counts_add_up(tub):
    found = distribution([tub, tub])
    assert found.frames == found.throttle.sum() == found.coverage.sum() == 80
    assert [len(actions) for _, _, actions in found.episodes] == [20] * 4
    steering = [record.action.steering for record in tub.records]
    np.testing.assert_array_equal(found.steering, 2 * np.histogram(steering, found.edges)[0])


def test_the_page_is_one_file(tub, tmp_path):
    page = write_hist(tmp_path / "hist.html", distribution([tub])).read_text()
    assert page.count("<svg") == 5
    assert "http" not in page


def test_a_tub_without_frames_has_no_histogram(tub):
    tub.delete(range(40))
    with pytest.raises(CopycarError, match="no frames"):
        distribution([tub])


def test_weights_make_rare_steering_heavier_and_sum_to_the_frames():
    steering = np.concatenate([np.zeros(900), np.full(100, 0.9)])
    unchanged, even = balance(steering, strength=0), balance(steering, strength=1)
    assert (unchanged.weights == 1).all()
    assert unchanged.effective_frames == 1000
    assert even.straight_after == pytest.approx(0.5)
    assert even.weights.mean() == pytest.approx(1)
    assert even.effective_frames < 1000
    with pytest.raises(CopycarError, match="strength"):
        balance(steering, strength=2)


def test_a_film_has_a_picture_per_frame_and_skips_bad_ones(tub, tmp_path):
    av = pytest.importorskip("av")
    tub.records[3].image_path.write_bytes(b"torn")
    bad = []
    assert make_movie(tub, tmp_path / "film.mp4", on_bad=bad.append) == 39
    assert [image.record.index for image in bad] == [3]
    with av.open(str(tmp_path / "film.mp4")) as film:
        frames = list(film.decode(video=0))
    assert len(frames) == 39
    assert frames[0].width == 480


def test_the_bars_show_label_and_execution():
    frame = Frame(np.zeros((10, 100, 3), np.uint8), Decision(Action(-1, 0), Action(1, 0.5), "human"), 0)
    picture = draw_frame(frame, 1, (50, 100))
    steering, throttle = picture[20], picture[40]
    assert (steering[60:90] == (63, 201, 193)).all()
    assert (steering[7] == EXECUTED).all()
    assert not (steering[12:45] == (63, 201, 193)).all()
    assert (throttle[52:68] == (120, 200, 90)).all()


def test_a_film_into_nowhere_is_refused_in_words(tub, tmp_path):
    pytest.importorskip("av")
    with pytest.raises(CopycarError, match="cannot write the film"):
        make_movie(tub, tmp_path / "missing" / "film.mp4")
