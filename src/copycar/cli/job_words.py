"""Which words of `copycar remote submit …` are the job's own options, and which are the command that is to run.

Both may know an option of the same name: `--on ray` says where the job runs, `--on oval` where a policy drives. So what
is the job's own is told by its value; where that is not enough, `--` stands between the two.
"""

from collections.abc import Sequence

SUBMIT = ("remote", "submit")
WITH_VALUE = {"--data", "--gpus", "--workers", "--price", "--name"}
"""Options of the job whatever their value."""
ALONE = {"--dry-run", "--json", "--help", "-h"}
BUCKETS = ("--out", "-o")
TARGET = "--target."
TARGETS = ("local", "ray", "vertex")
"""Built in; the name of another target needs `--` before the command."""
END = "--"


def options_first(typed: Sequence[str]) -> tuple[str, ...]:
    """Return the typed words with the job's options in front of `--` and the command behind it.

    >>> options_first(["remote", "submit", "evaluate", "p.onnx", "--on", "oval", "--on", "local"])
    ('remote', 'submit', '--on', 'local', '--', 'evaluate', 'p.onnx', '--on', 'oval')
    """
    if tuple(typed[:2]) != SUBMIT:
        return tuple(typed)
    words = list(typed[2:])
    if END in words:
        return tuple(typed)
    options: list[str] = []
    command: list[str] = []
    while words:
        taken = options if _is_the_jobs(words) else command
        n_words = 2 if taken is options and words[0] not in ALONE and "=" not in words[0] else 1
        taken += words[:n_words]
        del words[:n_words]
    return (*SUBMIT, *options, END, *command) if command else (*SUBMIT, *options)


def _is_the_jobs(words: Sequence[str]) -> bool:
    """Return whether the first of these words is an option of the job."""
    name, _, value = words[0].partition("=")
    value = value or (words[1] if len(words) > 1 else "")
    if name in BUCKETS:
        return "://" in value
    if name == "--on":
        return value in TARGETS
    return name in WITH_VALUE or name in ALONE or name.startswith(TARGET)
