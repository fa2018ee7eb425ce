"""The `copycar` command: names its verbs without loading them, runs one, and returns its exit code."""

import signal
import sys
from collections.abc import Mapping, Sequence

from cyclopts import App, Parameter

from copycar import __version__
from copycar.cli.explain import explain
from copycar.cli.job_words import options_first
from copycar.cli.settings_file import SettingsFile, named_file
from copycar.cli.verbs import GROUPS, VERBS, VERBS_OF, Verb

SAME_AS: dict[tuple[str, ...], tuple[str, ...]] = {("train", "--type"): ("networks",)}
"""What people type who want to see the choice."""

SETTINGS_FILE = "copycar.toml"

app = App(
    name="copycar",
    help="Show a car how to drive. copycar learns it from the camera, proves that it drives, and puts it on the car.",
    version=__version__,
    config=(named_file, SettingsFile(SETTINGS_FILE, search_parents=True)),
    default_parameter=Parameter(negative=()),  # no --no-json beside --json
    suppress_keyboard_interrupt=False,  # Ctrl-C reaches `explain`
)


def _add(verbs: Mapping[str, Verb], to: App) -> None:
    for verb, (place, summary, example) in verbs.items():
        to.command(f"copycar.cli.{place}", name=verb, help=summary, help_epilogue=f"Example: {example}")


_add(VERBS, app)
for name, verbs in VERBS_OF.items():
    group = App(name=name, help=GROUPS[name])
    _add(verbs, group)
    app.command(group)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the code of `copycar.core.errors`."""
    # `kill` ends a drive as safely as Ctrl-C does, and both do so in the background, where a shell has SIGINT ignored
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error becomes one to three lines."""
    typed = options_first(sys.argv[1:] if arguments is None else arguments)
    try:
        result = app(SAME_AS.get(typed, typed), exit_on_error=False, print_error=False, result_action="return_value")
    except BaseException as error:  # noqa: BLE001 - the outermost edge: nobody above could say more
        return explain(error)
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
