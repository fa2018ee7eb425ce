"""donkeycar's `localizer`: besides driving it says where on the track it is."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.learning.columns import Category, Reads
from copycar.learning.pipeline import Normalise
from copycar.learning.places import LOCATION, place_by_progress
from copycar.learning.policies.convolutions import dense, donkey_convolutions, flat_features, initialise
from copycar.learning.policies.network import Count, DrivingNetwork, Given, Inputs, Labels, Share, Words
from copycar.tubs.record import Record


class Localizer(DrivingNetwork):
    """donkeycar's KerasLocalizer: `linear` with a third answer, the place on the track, one of ten.

    Origin: donkeycar `parts/keras.py`. Frame 120x160x3 → flat 6656 → 100 → 50 → 2 and 10; 817,538 parameters. The
    answer is the output `location`, (n,) probabilities. donkeycar learns places by squared error and cannot record
    them; here it is cross-entropy, and places come from the record or from the progress that the built-in track tells.

    Args:
        given: what it is built for.
        locations: how many places the lap is divided into, where the recording tells its progress.
        key: where a record keeps its place, a number from 0 or a name.
        dropout: share of activations dropped after every layer; donkeycar's is 0.2.
    """

    def __init__(
        self, given: Given, locations: Count = 10, key: Words = ("localizer/location",), dropout: Share = 0.2
    ) -> None:
        del locations, key  # they are in `wants`
        super().__init__(given, [Normalise()])
        places = given.column(LOCATION)
        assert isinstance(places, Category)
        self.convolutions = donkey_convolutions(dropout)
        self.hidden = dense(flat_features(self.convolutions, self.pipeline.output_size), 100, 50, dropout=dropout)
        self.head = nn.Linear(50, 2)
        self.place = nn.Linear(50, len(places.names))
        initialise(self, self.head, self.place)

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it is asked for the place; a mirrored picture is of no place that there is."""
        n_places = options["locations"]

        def by_progress(record: Record) -> str | None:
            return place_by_progress(record, n_places)

        names = tuple(str(place) for place in range(n_places))
        return Reads(labels={LOCATION: Category(options["key"], names, by_progress, mirrors=False)})

    def forward(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Return (B, 2) steering and throttle, and the logits (B, n) of the places."""
        hidden = self.hidden(self.convolutions(self.pipeline(inputs["image"])))
        return self.head(hidden), self.place(hidden)

    def loss(self, outputs: tuple[Tensor, Tensor], labels: Labels) -> Tensor:
        """Return the squared error of the action plus a tenth of the cross-entropy of the place."""
        action, place = outputs
        # ten places make a cross-entropy of 2.3 at the start, some ten times the squared error of an action
        return functional.mse_loss(action.float(), labels["action"]) + 0.1 * functional.cross_entropy(
            place.float(), labels[LOCATION]
        )

    def action(self, outputs: tuple[Tensor, Tensor]) -> Tensor:
        """Return (B, 2)."""
        return torch.clamp(outputs[0].float(), -1.0, 1.0)

    def more(self, outputs: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        """Return the probabilities (B, n) of the places."""
        return {LOCATION: functional.softmax(outputs[1].float(), dim=1)}
