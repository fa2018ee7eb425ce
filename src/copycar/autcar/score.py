"""Ask a policy about the pictures of a test map and count its mistakes. Knows nothing of how it was trained."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from copycar.autcar.captures import content_of, in_classes, usable
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.classification import Classification, classify
from copycar.learning.policies.commands import LABEL
from copycar.tubs.formats import autcar_balanced
from copycar.tubs.formats.autcar import COMMAND
from copycar.tubs.formats.autcar_balanced import MAPS, SIDE, TEST, TRAIN
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.pictures import decode_picture
from copycar.tubs.formats.shot import Shot


def score(policy: Policy, test_map: Path, notes: Notes) -> Classification:
    """Return how well a policy tells the pictures of a test map apart.

    Each picture counts once, and only if it was not trained on. AutCar copies rare pictures and throws a dice for every
    copy: where the training map lies beside, such a picture belongs to the side on which it comes first.

    Args:
        policy: one that answers commands.
        test_map: the file; its pictures lie beside it.
        notes: is told which pictures cannot be used.

    Raises:
        CopycarError: the policy answers no commands or takes other pictures, or there is nothing to test on.
    """
    names = class_names(policy)
    number = {name: place for place, name in enumerate(names)}
    actual, answers = [], []
    for name, picture in _tested(test_map, names, notes):
        actual.append(number[name])
        answers.append(policy.infer({"image": picture})[LABEL])
    if not actual:
        raise CopycarError(
            f"{test_map} holds no picture to test on",
            "; ".join(notes.sentences()),
            "make a set with more test pictures",
        )
    return classify(actual, np.array(answers), names)


def class_names(policy: Policy) -> Sequence[str]:
    """Return the names of the classes that a policy answers, in the order of its numbers.

    Raises:
        CopycarError: it answers none.
    """
    answer = policy.metadata.answers.get(LABEL)
    if not answer:
        raise CopycarError(
            f"this policy ({policy.metadata.network}) answers no commands, but steering and throttle",
            fix="judge it with copycar evaluate, or train a network that tells commands apart",
        )
    return [str(name) for name in answer["names"]]


def _tested(test_map: Path, names: Sequence[str], notes: Notes) -> Iterator[tuple[str, Image]]:
    if not test_map.is_file():
        raise CopycarError(f"there is no file {test_map}", fix=f"name the {MAPS[TEST]} of a balanced set")
    maps = {TEST: test_map.name}
    if test_map.name != MAPS[TRAIN] and (test_map.parent / MAPS[TRAIN]).is_file():
        maps = {TRAIN: MAPS[TRAIN], **maps}
    trained = {content_of(shot) for shot in _of_side(TRAIN, test_map.parent, maps, Notes())}
    tested = _unseen(_of_side(TEST, test_map.parent, maps, notes), trained, notes)
    for shot in usable(in_classes(tested, names, notes), notes):
        assert isinstance(shot.picture, bytes)
        yield shot.frame.extras[COMMAND], decode_picture(shot.picture)


def _of_side(side: str, folder: Path, maps: Mapping[str, str], notes: Notes) -> Iterator[Shot]:
    shots = autcar_balanced.read(folder, autcar_balanced.Reading(), notes, maps)
    return (shot for shot in shots if shot.frame.extras[SIDE] == side)


def _unseen(shots: Iterator[Shot], trained: Collection[bytes], notes: Notes) -> Iterator[Shot]:
    for shot in shots:
        if content_of(shot) in trained:
            notes.drop("that was trained on as well", shot.place)
        else:
            yield shot
