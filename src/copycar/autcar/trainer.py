"""AutCar's `Trainer`, its four methods with their arguments: balance, count, train, test.

`from copycar import Trainer` in place of `from autcar import Trainer`, and its tutorials run. It prints, as they do.
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from copycar.autcar.balanced_set import BalancedSet, make_balanced_set
from copycar.autcar.captures import Faults
from copycar.autcar.score import score
from copycar.autcar.train import class_counts, new_run_folder, training_tub
from copycar.cli.classification_table import classification_table
from copycar.cli.output import log, show, tell
from copycar.cli.train import train_with_progress
from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.files import write_atomic
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.classification_picture import draw_classification
from copycar.learning.policies.own_keras import is_keras
from copycar.learning.policies.own_pictures import Layout
from copycar.learning.settings import TrainSettings
from copycar.learning.trained import Trained
from copycar.learning.training import Training
from copycar.tubs.formats.autcar_commands import CLASSES
from copycar.tubs.new_folder import new_folder

FRAMEWORKS = ("keras", "pytorch")

# AutCar's programs import Keras after this; without TensorFlow Keras itself would not start
os.environ.setdefault("KERAS_BACKEND", "torch")


@dataclass(frozen=True)
class Trainer:
    """Prepares a set of pictures, trains a network on it and tests it.

    Attributes:
        deeplearning_framework: what the network is written in, "keras" or "pytorch".
        image_width: px of the pictures that the network takes.
        image_height: px.
        seed: same seed, same set and the same network.
        layout: what to go on with where a Keras network contradicts itself, see `docs/autcar.md`.
        augmentation: "off" as AutCar. The others also mirror pictures, which is wrong where the left border of the road
            has another colour than the right one, as AutCar advises.
    """

    deeplearning_framework: str = "keras"
    image_width: int = 224
    image_height: int = 168
    seed: int = 0
    layout: Layout = "auto"
    augmentation: Literal["off", "light", "strong"] = "off"

    def __post_init__(self) -> None:
        if self.deeplearning_framework == "cntk":
            raise CopycarError("CNTK is no longer made", "its last version is of 2019", "use pytorch or keras")
        if self.deeplearning_framework not in FRAMEWORKS:
            raise CopycarError(
                f"unknown framework {self.deeplearning_framework!r}",
                fix=did_you_mean(self.deeplearning_framework, FRAMEWORKS),
            )

    def create_balanced_dataset(
        self,
        input_folder_path: str | Path | Sequence[str | Path],
        output_folder_path: str | Path = "balanced_dataset",
        train_test_split: float = 0.8,
        *,
        classes: Sequence[str] = CLASSES,
        ignore: Collection[str] = (),
        force: bool = False,
    ) -> BalancedSet:
        """Divide captures for training and for testing, then name rare training pictures as often as frequent ones.

        Args:
            input_folder_path: what AutCar's Capture wrote, one folder or several.
            output_folder_path: folder to make.
            train_test_split: share of the pictures to train on, exactly.
            classes: that pictures may have; AutCar's twelve by default. Other commands count as the nearest of them.
            ignore: classes to leave out, such as `["stop"]`, which AutCar always leaves out.
            force: make a set anew that copycar has made. Nothing else is ever removed.

        Raises:
            CopycarError: see `make_balanced_set`.
        """
        folders = [input_folder_path] if isinstance(input_folder_path, str | Path) else input_folder_path
        made = make_balanced_set(
            [Path(folder) for folder in folders],
            str(output_folder_path),
            train_share=train_test_split,
            classes=classes,
            ignore=ignore,
            seed=self.seed,
            replaces=force,
        )
        _tell_notes(made.notes)
        n_train, n_test = sum(made.train.values()), sum(made.test.values())
        tell(
            show,
            f"{made.folder}: {n_train} pictures to learn from and {n_test} to test on, in {len(made.train)} classes",
        )
        return made

    def get_classes(self, path: str | Path) -> dict[str, int]:
        """Return how many rows of a balanced set's training map each class has.

        Raises:
            CopycarError: there is no balanced set.
        """
        return class_counts(Path(path))

    def train(
        self,
        path_to_folder: str | Path,
        model_definition: Any,
        epochs: int = 10,
        output_model_path: str | Path = "driver_model.onnx",
        classes: Sequence[str] | None = None,
        minibatch_size: int = 64,
    ) -> Trained:
        """Train a network on a balanced set and write the policy file.

        Args:
            path_to_folder: of the balanced set.
            model_definition: Keras model or torch module with one output per class, as probabilities or as scores; it
                is trained in place. Also a class or function that makes one.
            epochs: passes over the pictures.
            output_model_path: the policy file; replaced in one step when training has ended well.
            classes: names in the order of the network's outputs; AutCar's twelve by default.
            minibatch_size: pictures per step.

        Raises:
            CopycarError: the set or the network cannot be used.
        """
        self._require_framework(model_definition)
        names = tuple(classes or CLASSES)
        run, notes = new_run_folder(), Faults()
        with new_folder(run) as partial:
            training_tub(Path(path_to_folder), partial / "tub", names, notes)
        _tell_notes(notes.sentences())
        training = Training(
            [run / "tub"], self._settings(epochs, minibatch_size, names), network=model_definition, out=run
        )
        trained = train_with_progress(training)
        output = Path(output_model_path)
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(output, trained.run.policy.read_bytes())
        tell(show, f"{output}: trained for {trained.epochs} epochs, {_right(trained)}")
        return trained

    def test(self, path_to_model: str | Path, path_to_test_map: str | Path) -> dict[str, Any]:
        """Print accuracy, precision, recall, F1 and the confusion matrix on test pictures; draw them beside the model.

        Args:
            path_to_model: the policy file.
            path_to_test_map: `test_map.txt` of a balanced set.

        Returns:
            The figures, see `copycar.evaluation.classification`, and "picture": the PNG file.

        Raises:
            CopycarError: see `score`.
        """
        model, notes = Path(path_to_model), Faults()
        found = score(Policy.load(model), Path(path_to_test_map), notes)
        _tell_notes(notes.sentences())
        show.print(classification_table(found, f"{model.name}: test pictures"))
        picture = draw_classification(found, model.with_name(f"{model.stem}-test.png"), title=model.name)
        tell(show, f"picture: {picture}")
        return found.as_json() | {"picture": str(picture)}

    def _settings(self, epochs: int, batch_size: int, names: tuple[str, ...]) -> TrainSettings:
        options = {
            "size": f"{self.image_width}x{self.image_height}",
            "values": "standardised",
            "layout": self.layout,
            "labels": names,
        }
        return TrainSettings(
            network=options,
            epochs=epochs,
            batch_size=batch_size,
            seed=self.seed,
            augmentation=self.augmentation,
            balance_classes=1.0,
        )

    def _require_framework(self, model: Any) -> None:
        framework = "keras" if is_keras(model) else "pytorch"
        is_made = callable(model) and not isinstance(model, type) and not hasattr(model, "parameters")
        if not is_made and framework != self.deeplearning_framework:
            raise CopycarError(
                f"your network is a {framework} one, and the trainer was made for {self.deeplearning_framework}",
                fix=f'Trainer(deeplearning_framework="{framework}")',
            )


def _right(trained: Trained) -> str:
    command = trained.offline["command"]
    right, constant = command["accuracy"], command["baseline_majority_accuracy"]
    return f"{right:.0%} of the pictures held out of them right (always the most frequent one: {constant:.0%})"


def _tell_notes(notes: Sequence[str]) -> None:
    for note in notes:
        tell(log, f"note: {note}", "yellow")
