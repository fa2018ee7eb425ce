"""This very copycar as a wheel, so that a job elsewhere runs the same code. Knows no targets.

Made from the installed files, which needs neither their source nor a build: the same files give the same bytes.
"""

import base64
import hashlib
import io
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import copycar

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: files carry none of their own."""
LEFT_OUT = ("__pycache__", ".pyc")


def build_wheel() -> tuple[str, bytes]:
    """Return the name and the content of the wheel of the copycar that runs."""
    about = distribution("copycar")
    info = f"copycar-{about.version}.dist-info"
    files = {**_package(), **_metadata(about, info)}
    lines = [f"{name},{_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,\n"]).encode()
    return f"copycar-{about.version}-py3-none-any.whl", _zipped(files)


def _package() -> dict[str, bytes]:
    folder = Path(copycar.__file__).parent
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not any(x in str(path) for x in LEFT_OUT))
    return {f"copycar/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}


def _metadata(about: Distribution, info: str) -> dict[str, bytes]:
    wheel = "Wheel-Version: 1.0\nGenerator: copycar\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    texts = {"METADATA": about.read_text("METADATA"), "entry_points.txt": about.read_text("entry_points.txt")}
    return {f"{info}/{name}": (text or "").encode() for name, text in {**texts, "WHEEL": wheel}.items()}


def _digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
