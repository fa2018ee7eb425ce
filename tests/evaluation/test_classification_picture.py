import pytest

from copycar.core.errors import CopycarError
from copycar.evaluation.classification import classify
from copycar.evaluation.classification_picture import draw_classification

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("k", [2, 12])
def test_any_number_of_classes_becomes_a_png_even_where_one_never_occurs(tmp_path, k):
    found = classify([0, 0, 1], [0, 1, 1], [f"class_{place}" for place in range(k)])
    assert draw_classification(found, tmp_path / "confusion.png", title="who").read_bytes().startswith(PNG)


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(CopycarError, match="cannot write the picture"):
        draw_classification(classify([0], [0], ["a"]), tmp_path / "missing" / "confusion.png")
