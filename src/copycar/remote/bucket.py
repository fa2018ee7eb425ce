"""Where things lie in a bucket. Knows nothing of what they are.

```
BUCKET/datasets/NAME/index.json, <sha256>.tar …    recordings with their edits and configuration
BUCKET/runs/NAME/index.json, <sha256>.onnx …       whole runs: report, figures, weights, checkpoint
BUCKET/models/NAME.0001.<sha256…>.onnx …           policies in every format; the highest number of each counts
BUCKET/movies/NAME.0001.<sha256…>.mp4              films
BUCKET/jobs/NAME/…                                 what jobs were asked, and how they ended
```
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from copycar.core.errors import CopycarError

DATASETS, RUNS, MODELS, MOVIES, JOBS = "datasets", "runs", "models", "movies", "jobs"
KINDS = (DATASETS, RUNS, MODELS, MOVIES)
"""What can be pulled."""


@dataclass(frozen=True, slots=True)
class Address:
    """One thing in a bucket.

    Attributes:
        bucket: URL of the bucket, or of a folder in it that is used like one.
        kind: one of `KINDS`.
        name: its own.
    """

    bucket: str
    kind: str
    name: str

    @property
    def url(self) -> str:
        """Where it lies."""
        return f"{self.bucket}/{self.kind}/{self.name}"


def address_of(url: str) -> Address:
    """Return what a URL such as `s3://rides/models/pilot` names.

    Raises:
        CopycarError: it names no kind of thing, or nothing of that kind.

    >>> address_of("s3://rides/models/pilot").kind
    'models'
    """
    parts = url.rstrip("/").split("/")
    first = 3 if urlsplit(url).scheme else 0  # "s3:", "", "bucket"
    places = [place for place, part in enumerate(parts) if part in KINDS and place >= first]
    if not places or places[-1] + 1 >= len(parts):
        raise CopycarError(
            f"{url} does not say what to bring",
            fix=f"name it: BUCKET/KIND/NAME, where KIND is {', '.join(KINDS)}; copycar remote list BUCKET shows them",
        )
    at = places[-1]
    return Address("/".join(parts[:at]), parts[at], "/".join(parts[at + 1 :]))


def plain_name(name: str) -> str:
    """Return a name as buckets take it: what is neither letter, digit, dot, dash nor underscore becomes a dash.

    >>> plain_name("Montag früh!")
    'Montag-fr-h'
    """
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in name)
    return safe.strip("-.") or "unnamed"
