"""The `copycar` command: names its verbs without loading them, and turns errors into words and exit codes."""

import contextlib
import signal
import sys
import traceback
from collections.abc import Sequence

from cyclopts import App
from cyclopts.config import Toml

from copycar import __version__
from copycar.core.errors import EXIT_INTERRUPTED, EXIT_OUR_BUG, EXIT_USER, CopycarError

SETTINGS_FILE = "copycar.toml"

VERBS = {
    "demo": "See it all work: record, train, and prove on an unseen track that it drives.",
    "drive": "Drive an environment: by hand, by the expert or by a policy; record it if you like.",
    "environments": "List the places to drive.",
    "evaluate": "Prove that a policy drives: closed loop in an environment, or offline on a tub.",
    "networks": "List the networks that can be trained.",
    "runs": "List the trainings in a folder, or show one.",
    "train": "Train a policy from tubs.",
}

EXTRA_OF = {"av": "sim", "gymnasium": "sim", "onnx": "train", "onnxscript": "train", "panda3d": "sim", "torch": "train"}
"""Optional packages and the extra that brings them."""

app = App(
    name="copycar",
    help="Show a car how to drive. copycar learns it from the camera, proves that it drives, and puts it on the car.",
    version=__version__,
    # settings of this folder or one above lie under the flags: [train] epochs = 20
    config=Toml(SETTINGS_FILE, search_parents=True, must_exist=False),
)
for verb, summary in VERBS.items():
    app.command(f"copycar.cli.{verb}:{verb}", name=verb, help=summary)

tub = App(name="tub", help="Look at recordings and mend them.")
tub.command("copycar.cli.tub:info", name="info", help="Say what is in a tub and what was repaired.")
app.command(tub)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the code of `copycar.core.errors`."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends a drive as safely as Ctrl-C does
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error becomes one to three lines."""
    try:
        result = app(arguments, exit_on_error=True, result_action="return_value")
    except SystemExit as stop:
        return _exit_code(stop)
    except BaseException as error:  # noqa: BLE001 - the outermost edge: nobody above could say more
        return _explained(error)
    return result if isinstance(result, int) else 0


def _explained(error: BaseException) -> int:
    match error:
        case CopycarError():
            _say(f"copycar: {error}")
            return error.exit_code
        case KeyboardInterrupt():
            _say("copycar: interrupted; everything finished so far is safe")
            return EXIT_INTERRUPTED
        case BrokenPipeError():  # the reader (head, less) has gone: not our fault and not worth a word
            return EXIT_INTERRUPTED
        case ModuleNotFoundError() if (package := (error.name or "").partition(".")[0]) in EXTRA_OF:
            _say(f'copycar: {package} is not installed\nfix: pip install "copycar[{EXTRA_OF[package]}]"')
            return EXIT_USER
        case _:
            traceback.print_exception(error)
            _say(f"copycar {__version__}: this is our bug, sorry. Please report the lines above.")
            return EXIT_OUR_BUG


def _exit_code(stop: SystemExit) -> int:
    # cyclopts leaves with 1 on bad usage; in copycar 1 means "a gate failed" and 2 "you can fix it"
    return 0 if stop.code in (None, 0) else EXIT_USER


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
