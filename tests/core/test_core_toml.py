from pathlib import Path

import pytest

from copycar.core.errors import CopycarError
from copycar.core.toml import read_toml


def test_a_file_that_is_not_toml_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "copycar.toml"
    path.write_text("[train]\nepochs = \n")
    with pytest.raises(CopycarError, match="line 2"):
        read_toml(path)
