import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy


def test_a_damaged_tflite_file_is_named(tmp_path):
    (tmp_path / "p.tflite").write_bytes(b"\x00" * 200)
    with pytest.raises(CopycarError, match=r"p\.tflite is not a \.tflite file that LiteRT can run"):
        Policy.load(tmp_path / "p.tflite")


def test_without_litert_the_extra_is_named(tmp_path, monkeypatch):
    def not_installed(module):
        raise ModuleNotFoundError(module, name=module.partition(".")[0])

    monkeypatch.setattr("copycar.core.errors.import_module", not_installed)
    (tmp_path / "p.tflite").write_bytes(b"")
    with pytest.raises(CopycarError, match=r'pip install "copycar\[tflite\]"'):
        Policy.load(tmp_path / "p.tflite")
