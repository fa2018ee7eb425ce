from dataclasses import replace

import av
import circle
import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.pixel_letters import write
from copycar.evaluation.film import film, film_trial, poster_jpeg
from copycar.evaluation.film_picture import HEIGHT, WIDTH, Readings, film_picture
from copycar.evaluation.trial import Trial

CALM = Readings(lap=1, laps=3, speed_mps=1.2, steering=0.5, off_middle=-0.2, is_helped=False)
EYE = np.full((24, 32, 3), 128, dtype=np.uint8)


@pytest.mark.slow
def test_a_film_plays_in_every_browser_and_starts_while_it_loads(tmp_path):
    path = film_trial("expert", Trial(circle.NAME, laps=1), tmp_path / "film.mp4", max_s=3.0)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (WIDTH, HEIGHT)
        assert stream.frames == 60  # three seconds at 20 Hz
        assert sum(packet.is_keyframe for packet in container.demux(stream)) >= 3
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert poster_jpeg(path)[:2] == b"\xff\xd8"


def test_a_broken_drive_leaves_no_film(tmp_path):
    with pytest.raises(RuntimeError, match="crash"), film(tmp_path / "film.mp4") as add:
        add(np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8))
        raise RuntimeError("crash")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CopycarError, match="cannot write the film"), film(tmp_path / "none" / "film.mp4"):
        pass


def test_no_film_is_named(tmp_path):
    (tmp_path / "film.mp4").write_bytes(b"not a film")
    with pytest.raises(CopycarError, match="is not a film"):
        poster_jpeg(tmp_path / "film.mp4")


def test_steering_fills_its_bar_to_the_side_it_steers_to():
    right, left = (film_picture(EYE, None, replace(CALM, steering=value)) for value in (0.8, -0.8))
    assert right[60, 240].tolist() == left[60, 80].tolist()
    assert right[60, 240].tolist() != right[60, 80].tolist()


def test_a_red_frame_says_that_help_was_needed():
    calm, helped = film_picture(EYE, EYE, CALM), film_picture(EYE, EYE, replace(CALM, is_helped=True))
    assert calm[0, 0].tolist() != helped[0, 0].tolist() == helped[-1, -1].tolist()


def test_unknown_readings_leave_their_places_empty():
    picture = film_picture(EYE, None, Readings(1, 3, None, 0.0, None, False))
    assert len(np.unique(picture[96:108, :320].reshape(-1, 3), axis=0)) == 1


def test_letters_are_written_where_they_are_told():
    picture = np.zeros((10, 20, 3), dtype=np.uint8)
    write(picture, "L1", 1, 2, 1, (255, 255, 255))
    assert picture[2:7, 1:4, 0].astype(bool).tolist() == [[True, False, False]] * 4 + [[True] * 3]
    assert picture[2:7, 5:8].any()
    assert not picture[:2].any()
