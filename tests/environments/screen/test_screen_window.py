import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

from copycar.cli.main import run
from copycar.core.errors import DeviceError
from copycar.core.frame import Action
from copycar.driving.loop import drive
from copycar.driving.recorder import Recorder
from copycar.environments import make_environment
from copycar.environments.screen.keyboard import XKeyboard
from copycar.environments.screen.window import XWindow
from copycar.testing.check_environment import check_environment
from copycar.testing.driver import ScriptedDriver
from copycar.testing.key_window import TITLE
from copycar.testing.policy import write_policy
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

pytestmark = pytest.mark.slow  # a window on a screen has its own pace

SMALL = {"width": 80, "height": 60}


def window(screen, **options):
    return closing(make_environment(f"screen:{TITLE}", display=screen, **{**SMALL, **options}))


def colours(image):
    """Return whether the picture says that Left, Right and Up are down."""
    return image[45, 8, 0] > 150, image[45, 72, 1] > 150, image[45, 40, 2] > 150


def test_a_window_keeps_both_contracts(screen, key_window):
    with window(screen) as environment:
        check_environment(environment)
        _, info = environment.reset(seed=0)
        assert info["frame_age_s"] < 0.5


def test_recorded_pictures_show_the_keys_that_were_sent(screen, key_window, tmp_path):
    wanted = [Action(-1.0, 0.0), Action(0.0, 1.0), Action(1.0, 1.0), Action(0.0, 0.0)]
    driver = ScriptedDriver(lambda tick, *_: wanted[tick // 20 % 4])
    with window(screen, rate_hz=20) as environment:
        drive(environment, driver, recorder=Recorder(TubWriter(tmp_path / "tub")), seconds=4)
    frames = list(Tub.open(tmp_path / "tub").frames())
    assert len(frames) > 20
    settled = [
        (frame.decision.label, colours(frame.image))
        for before, frame in zip(frames[3:], frames[6:], strict=False)
        if before.decision.label == frame.decision.label  # the keys were down for three pictures at least
    ]
    agree = [seen == (label.steering < 0, label.steering > 0, label.throttle > 0) for label, seen in settled]
    assert len(settled) > 10
    assert np.mean(agree) > 0.9


def test_a_policy_file_plays_through_the_window(screen, key_window, tmp_path):
    """Its steering follows the bright bar; what it steers is what the game shows as pressed, and what is recorded."""
    policy, game = write_policy(tmp_path / "policy.onnx", (60, 80), gain=60.0), tmp_path / "game.toml"
    game.write_text(f'window = "{TITLE}"\ndisplay = "{screen}"\nwidth = 80\nheight = 60\nrate_hz = 20\n')
    command = ["drive", f"screen:{game}", "--driver", str(policy), "--seconds", "7", "--record", str(tmp_path / "tub")]
    assert run(command) == 0
    frames = list(Tub.open(tmp_path / "tub").frames())
    steering = np.array([frame.decision.action.steering for frame in frames])
    bars = np.array([frame.image[5:20].mean(axis=(0, 2)).argmax() for frame in frames])  # the bar's column
    assert np.corrcoef(bars, steering)[0, 1] > 0.8
    fully = [tick for tick in range(3, len(frames)) if np.abs(steering[tick - 3 : tick]).min() > 0.9]
    agree = [colours(frames[tick].image)[:2] == (steering[tick - 1] < 0, steering[tick - 1] > 0) for tick in fully]
    assert len(agree) > 10
    assert np.mean(agree) > 0.85


def test_half_a_steering_is_a_key_held_half_of_the_time(screen, key_window):
    keyboard = XKeyboard(screen)
    keyboard.watch("Left", "Right")
    with window(screen) as environment, closing(keyboard):
        environment.reset(seed=0)
        down = []
        for _ in range(60):
            environment.step(Action(0.5, 0.0).as_array())
            for _ in range(5):
                down.append(keyboard.down())
                time.sleep(0.003)
        assert np.mean(["Right" in keys for keys in down]) == pytest.approx(0.5, abs=0.2)
        assert not any("Left" in keys for keys in down)
        environment.stop()
        assert not keyboard.down()


def test_a_window_that_moves_is_followed_and_one_that_closes_ends_the_drive(screen, key_window):
    with window(screen) as environment, closing(XWindow(TITLE, screen)) as moved:
        before, _ = environment.reset(seed=0)
        moved._window.configure(x=5, y=7)
        moved._x.sync()
        until_s = time.monotonic() + 10
        while environment._region.left != 5:
            observation, _, _, truncated, _ = environment.step(np.zeros(2, np.float32))
            assert time.monotonic() < until_s
        assert not truncated
        assert np.abs(observation["image"][32:].astype(int) - before["image"][32:]).mean() < 3
        key_window.kill()
        key_window.wait()
        while not truncated:
            truncated = environment.step(np.zeros(2, np.float32))[3]
            assert time.monotonic() < until_s
        with pytest.raises(DeviceError, match="is gone"):
            environment.reset(seed=0)


def test_a_black_screen_is_refused_with_its_picture(screen):
    region = {"left": 600, "top": 440, "width": 32, "height": 32}
    black = make_environment("screen:tensorkart", display=screen, region=region, controls="none")
    with closing(black) as environment, pytest.raises(DeviceError, match="of one colour") as caught:
        environment.reset(seed=0)
    picture = Path(caught.value.what.rsplit(" ", 1)[1])
    assert simplejpeg.decode_jpeg(picture.read_bytes()).max() < 3


def test_masks_and_sizes_are_the_policys(screen, key_window):
    hud = [{"left": 0, "top": 50, "width": 80, "height": 10}]
    with window(screen, hud=hud) as environment:
        image = environment.reset(seed=0)[0]["image"]
        assert image.shape == (60, 80, 3)
        assert image[50:].max() == 0
        assert image[:50].max() > 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-xlib drops sockets unclosed
@pytest.mark.parametrize(
    ("name", "display", "message"),
    [("no such game", None, "there is no window 'no such game'"), (TITLE, ":6543", "there is no X display :6543")],
)
def test_a_wrong_window_or_display_is_told(screen, key_window, name, display, message):
    with pytest.raises(DeviceError, match=message):
        make_environment(f"screen:{name}", display=display or screen)


def test_a_person_who_plays_is_heard_and_not_disturbed(screen, key_window):
    person = XKeyboard(screen)
    with window(screen) as environment, closing(person):
        human = environment.human_keys()
        environment.reset(seed=0)
        human.reset()
        person.press("Right")
        time.sleep(0.3)
        decision = human.act({}, {})
        environment.step(Action(-1.0, 1.0).as_array())
        person.watch("Left", "Up", "Right")
        assert decision.label.steering > 0.5
        assert person.down() == {"Right"}
        person.release("Right")
        human.release()


def test_gymnasium_finds_nothing_to_say_about_a_window(screen, key_window):
    with window(screen) as environment:
        environment.spec = EnvSpec("Window-v0", nondeterministic=True)  # it runs on by itself
        check_env(environment, skip_render_check=True, skip_close_check=True)
