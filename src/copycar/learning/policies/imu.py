"""donkeycar's `imu`: sensors beside the picture."""

from typing import Annotated, Any

import torch
from pydantic import BeforeValidator
from torch import Tensor, nn

from copycar.learning.columns import Numbers, Reads
from copycar.learning.pipeline import Normalise
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs, Share, Words, normalised

INPUT = "imu"
DONKEY_KEYS = ("imu/acl_x", "imu/acl_y", "imu/acl_z", "imu/gyr_x", "imu/gyr_y", "imu/gyr_z")


def _signs(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class Imu(DrivingNetwork):
    """donkeycar's KerasIMU: `linear` with sensor readings as a second input; any sensors that a recording has.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656 → 100, beside it k readings → 14 → 14 → 14;
    together → 50 → 50 → 2; 820,796 parameters with six readings. Differs on purpose: all six readings arrive, and each
    is scaled to mean 0 and deviation 1 of the training frames, inside the policy file.

    Args:
        given: what it is built for.
        sensors: record keys, each a number or a row of numbers.
        mirror: factor of every reading in a mirror image, 1 or -1; without it frames are not mirrored, for only you
            know how the sensor is mounted.
        dropout: share of activations dropped in the convolutions; half of it behind them, as in donkeycar.
    """

    def __init__(
        self,
        given: Given,
        sensors: Words = DONKEY_KEYS,
        mirror: Annotated[tuple[float, ...], BeforeValidator(_signs)] = (),
        dropout: Share = 0.2,
    ) -> None:
        del sensors, mirror  # they are in `wants`
        super().__init__(given, [Normalise()])
        self.sensors = given.column(INPUT)
        assert isinstance(self.sensors, Numbers)
        self.convolutions = donkey_convolutions(dropout)
        n_features = flat_features(self.convolutions, self.pipeline.output_size)
        self.picture = dense(n_features, 100, dropout=dropout / 2)
        self.reading = dense(self.sensors.width, 14, 14, 14)
        self.hidden = dense(114, 50, 50, dropout=dropout / 2)
        self.head = nn.Linear(50, 2)
        initialise(self, self.head)

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it reads the sensors."""
        return Reads(inputs={INPUT: Numbers(options["sensors"], options["mirror"] or None)})

    def forward(self, inputs: Inputs) -> Tensor:
        """Return (B, 2)."""
        picture = self.picture(self.convolutions(self.pipeline(inputs["image"])))
        reading = self.reading(normalised(inputs[INPUT], self.sensors))
        return self.head(self.hidden(torch.cat([picture, reading], dim=1)))  # type: ignore[no-any-return]
