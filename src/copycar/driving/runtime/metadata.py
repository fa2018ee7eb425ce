"""What a policy file says about itself, kept inside the `.onnx`. Knows nothing of how it was trained."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from copycar.core.errors import CopycarError

KEY = "copycar"
"""The one ONNX metadata property that marks a file as ours; its value is the JSON below."""


@dataclass(frozen=True, slots=True)
class PolicyMetadata:
    """The identity card of a policy.

    Attributes:
        network: registered name, e.g. "linear".
        image_size: (height, width) in pixels of the raw camera frame it takes.
        copycar_version: version of copycar that exported it.
        run: name of the training run.
        seed: training seed.
        data_fingerprint: content hash of the tubs it learned from.
        data_choice: how frames of the tubs were chosen and split.
        inputs: what it takes besides the picture, by input: the record keys it was trained on, and names where it is
            one of several things.
        answers: what it says besides steering and throttle, by output, described alike.
        vehicle: the car and its camera mounting, where known (see `copycar.core.vehicle`).
        metrics: offline figures at export.
        created: ISO 8601 UTC.
        precision: of its weights: "fp32", "fp16" or "int8".
    """

    network: str
    image_size: tuple[int, int]
    copycar_version: str = ""
    run: str = ""
    seed: int | None = None
    data_fingerprint: str = ""
    data_choice: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    vehicle: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    created: str = ""
    precision: str = "fp32"

    def to_json(self) -> str:
        """Return the JSON kept under `KEY`."""
        return json.dumps(asdict(self), sort_keys=True, allow_nan=False)

    @classmethod
    def from_properties(cls, properties: Mapping[str, str], path: str) -> "PolicyMetadata":
        """Read the card from an ONNX file's metadata properties; keys of later versions are ignored.

        Raises:
            CopycarError: the file was not exported by copycar, or its card is damaged.
        """
        if KEY not in properties:
            raise CopycarError(
                f"{path} is not a copycar policy",
                "it does not say which camera frame it takes",
                "train or export it with copycar (and without --for): copycar train TUB",
            )
        try:
            values = json.loads(properties[KEY])
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            height, width = known["image_size"]
            return cls(**{**known, "image_size": (int(height), int(width))})
        except (ValueError, KeyError, TypeError) as error:
            raise CopycarError(f"the metadata of {path} is damaged", str(error), "export the policy again") from error
