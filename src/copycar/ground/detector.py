"""A trained detector as one file, and what it finds in the pictures of any rig. Knows nothing of training.

The file holds the weights, the size of cells and pictures, the confidence that a detection needs, and the figures it
was validated with. It holds no cameras: they come with the pictures, and may be others than it learned from.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.data import STRIDE, Rig
from copycar.ground.decode import Detections, decode, heat_of
from copycar.ground.frames import size_within
from copycar.ground.grid import Grid
from copycar.ground.network import GroundNetwork, Views
from copycar.ground.scene import Scene, Thing
from copycar.learning.weights import load_state, save_state

FORMAT = 1


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """What a detector needs to know beside its weights.

    Attributes:
        width_px: of the pictures it is given.
        cell_m: of its grid.
        threshold: least confidence of a detection.
        match_m: least distance of two detections, and how near a truth must be.
        width_m, height_m: of what it finds.
    """

    width_px: int
    cell_m: float
    threshold: float
    match_m: float
    width_m: float
    height_m: float

    @property
    def thing(self) -> Thing:
        """What it finds."""
        return Thing(self.width_m, self.height_m, self.match_m)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one moment.

    Attributes:
        detections: above the threshold.
        heat: float32 (rows, columns), 0 … 1.
        view_heat: float32 (V, H/4, W/4), 0 … 1, where feet are in each view.
    """

    detections: Detections
    heat: Array
    view_heat: Array


class Detector:
    """Finds things on the ground.

    Args:
        network: trained.
        settings: of its use.
        figures: of its validation, for people.
    """

    def __init__(self, network: GroundNetwork, settings: DetectorSettings, figures: dict[str, Any]) -> None:
        self.network, self.settings, self.figures = network.eval(), settings, figures

    @classmethod
    def load(cls, path: Path, device: torch.device | str = "cpu") -> "Detector":
        """Return the detector of a file.

        Raises:
            CopycarError: missing, damaged, or something else.
        """
        saved = load_state(path, device)
        if not isinstance(saved, dict) or saved.get("format") != FORMAT:
            raise CopycarError(f"{path} is no detector", fix="train one: copycar ground train PROJECT")
        try:
            network = GroundNetwork(saved.get("backbone", "small"))
            network.load_state_dict(saved["network"])
            settings = DetectorSettings(**saved["settings"])
        except (KeyError, RuntimeError, TypeError) as error:
            why = str(error).splitlines()[0]
            raise CopycarError(f"{path} is of another version of copycar", why, "train again") from error
        return cls(network.to(device), settings, saved["figures"])

    def save(self, path: Path) -> None:
        """Write the detector's file, in one step."""
        state = {
            "format": FORMAT,
            "network": self.network.state_dict(),
            "backbone": self.network.backbone,
            "settings": asdict(self.settings),
            "figures": self.figures,
        }
        save_state(path, state)

    def rig(self, scene: Scene) -> Rig:
        """Return the cameras of a scene as this detector uses them."""
        size = size_within(scene.cameras, self.settings.width_px)
        return Rig.of(scene.cameras, size, Grid.covering(scene.area, self.settings.cell_m))

    def find(self, rig: Rig, pictures: Image) -> Finding:
        """Return what is found in one moment's pictures, uint8 (V, H, W, 3), undistorted and at the rig's size."""
        with torch.inference_mode():
            device = next(self.network.parameters()).device
            answer = self.network(_views(rig, pictures).to(device), rig.shape)
            found = decode(answer, rig.grid, self.settings.threshold, self.settings.match_m)[0]
            heat, view_heat = heat_of(answer)[0], answer.view_heat[0].float().sigmoid()
        return Finding(found, heat.cpu().numpy(), view_heat.cpu().numpy())


def usual_cell_m(thing: Thing) -> float:
    """Return the side of cells for things of this size: half the matching distance, at most the papers' 10 cm."""
    return min(thing.match_m / 2, 0.1)


def require_cameras(cameras: Sequence[Calibration]) -> None:
    """Refuse what no network could work with.

    Raises:
        CopycarError: a picture is smaller than 16 pixels.
    """
    small = [c.name for c in cameras if min(c.camera.width_px, c.camera.height_px) < 4 * STRIDE]
    if small:
        raise CopycarError(f"the pictures of {', '.join(small)} are too small", fix="use pictures of 320 x 180 or more")


def _views(rig: Rig, pictures: Image) -> Views:
    to_feature = np.diag([1 / STRIDE, 1 / STRIDE, 1.0]) @ rig.to_pixel
    return Views(
        torch.from_numpy(pictures)[None],
        torch.from_numpy(to_feature.astype(np.float32))[None],
        torch.from_numpy(rig.masks)[None],
    )
