"""Which version of a repository is at work."""

import subprocess


def git_state() -> str:
    """Return the commit of the folder we are in, with "+" where files differ from it; "" outside a repository."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return described.stdout.strip()
