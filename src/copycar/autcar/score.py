"""Ask a policy about the pictures of a test map and count its mistakes. Knows nothing of how it was trained."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from copycar.autcar.captures import in_classes, usable
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


def score(policy: Policy, test_map: Path, notes: Notes) -> Classification:
    """Return how well a policy tells the pictures of a test map apart.

    Each picture counts once. Where the training map lies beside, as AutCar puts it, pictures that are in both (AutCar
    copies rare ones and throws a dice for every copy) count only if they were for testing first.

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
    shots = autcar_balanced.read(test_map.parent, autcar_balanced.Reading(), notes, maps)
    tested = (shot for shot in shots if shot.frame.extras[SIDE] == TEST)
    for shot in usable(in_classes(tested, names, notes), notes):
        assert isinstance(shot.picture, bytes)
        yield shot.frame.extras[COMMAND], decode_picture(shot.picture)
