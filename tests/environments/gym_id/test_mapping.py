import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.environments.gym_id.mapping import mapping_for


def test_car_racing_gets_steering_gas_and_brake():
    mapping = mapping_for("CarRacing-v3")
    low = np.array([-1, 0, 0], np.float32)
    assert mapping.command(Action(0.5, 0.7), low).tolist() == pytest.approx([0.5, 0.7, 0.0])
    assert mapping.command(Action(-0.5, -0.3), low).tolist() == pytest.approx([-0.5, 0.0, 0.3])


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    file = tmp_path / "game.toml"
    file.write_text('id = "X-v0"\nrepeats = 2\naction = [{of = "stering"}]\n')
    with pytest.raises(CopycarError) as caught:
        mapping_for(str(file))
    assert "did you mean repeat" in str(caught.value)
    assert "action.0.of" in str(caught.value)


def test_other_ids_take_steering_and_throttle():
    mapping = mapping_for("Anything-v0")
    assert mapping.command(Action(0.5, -0.25), np.zeros(2, np.float32)).tolist() == [0.5, -0.25]
