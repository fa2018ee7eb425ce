"""`copycar networks`: what can be trained, with what it costs."""

import inspect
from typing import Any

from rich.table import Table

from copycar.cli.output import print_json, show
from copycar.core.errors import CopycarError
from copycar.learning.size import parse_size


def networks(name: str = "", *, size: str = "160x120", json: bool = False) -> None:
    """List the networks that can be trained, with what a frame costs; or tell all about one.

    Args:
        name: tell of this network: where it comes from, and its options.
        size: the camera's picture, WIDTHxHEIGHT.
        json: print a JSON list.
    """
    from copycar.learning.policies.network import NETWORKS  # noqa: PLC0415 - torch: `--help` must not wait for it

    image_size = parse_size(size)
    if name:
        NETWORKS.get(name)
    found = [_describe(each, image_size) for each in NETWORKS if not name or each == name]
    if json:
        print_json(found)
    elif name:
        _tell(found[0], inspect.getdoc(NETWORKS.get(name)) or "")
    else:
        _list(found)


def _list(found: list[dict[str, Any]]) -> None:
    table = Table("network", "parameters", "MMAC", "frames/s", "what it is")
    for network in found:
        if network["parameters"] is None:
            table.add_row(network["name"], "-", "-", "-", network["summary"])
            continue
        cells = (f"{network['parameters']:,}", f"{network['mmac']:.1f}", f"{network['frames_per_s']:.0f}")
        table.add_row(network["name"], *cells, network["summary"])
    show.print(table)
    show.print("MMAC: million multiply-adds a frame; frames/s: one thread of this machine.")
    show.print("train one: copycar train TUB --type NAME      its options: copycar networks NAME")


def _tell(network: dict[str, Any], about: str) -> None:
    show.print(f"[bold]{network['name']}[/]", highlight=False)
    show.print(
        about.replace("Args:\n    given: what it is built for.", "Options (--network.NAME VALUE):"), markup=False
    )


def _describe(name: str, image_size: tuple[int, int]) -> dict[str, Any]:
    from copycar.learning.cost import build_example, cost_of  # noqa: PLC0415 - torch
    from copycar.learning.policies.network import NETWORKS  # noqa: PLC0415 - torch

    summary = (inspect.getdoc(NETWORKS.get(name)) or "").splitlines()[0]
    try:
        cost = cost_of(build_example(name, image_size))
    except CopycarError as error:  # this network cannot be built for such pictures
        return {"name": name, "summary": error.what, "parameters": None, "mmac": None, "frames_per_s": None}
    figures = {"parameters": cost.parameters, "mmac": cost.mmac, "frames_per_s": cost.frames_per_s}
    return {"name": name, "summary": summary, **figures}
