import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.driving.runtime.metadata import KEY, PolicyMetadata

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)

cards = st.builds(
    PolicyMetadata,
    network=st.text(),
    image_size=st.tuples(st.integers(1, 4000), st.integers(1, 4000)),
    copycar_version=st.text(),
    run=st.text(),
    seed=st.none() | st.integers(0, 2**63),
    data_fingerprint=st.text(),
    vehicle=st.dictionaries(st.text(), numbers),
    metrics=st.dictionaries(st.text(), st.dictionaries(st.text(), numbers)),
    created=st.text(),
)


@given(cards)
def test_a_card_comes_back_as_it_was_written(card):
    assert PolicyMetadata.from_properties({KEY: card.to_json(), "other": "x"}, "policy.onnx") == card


def test_keys_of_a_later_version_are_ignored():
    later = json.loads(PolicyMetadata("linear", (120, 160)).to_json()) | {"colour": "blue"}
    card = PolicyMetadata.from_properties({KEY: json.dumps(later)}, "policy.onnx")
    assert card == PolicyMetadata("linear", (120, 160))


def test_what_is_no_number_is_never_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        PolicyMetadata("linear", (1, 1), metrics={"mae": math.nan}).to_json()
