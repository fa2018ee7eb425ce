"""`copycar networks`: what can be trained, with what it costs."""

import inspect
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from copycar.cli.output import print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.learning.size import parse_size


def networks(
    name: str = "", *, size: str = "160x120", network: dict[str, Any] | None = None, json: bool = False
) -> None:
    """List the networks that can be trained, with what a frame costs; or tell all about one.

    Args:
        name: tell of this network, or of one of your own such as my_file.py:Net.
        size: the camera's picture, WIDTHxHEIGHT.
        network: options of the named network, such as --network.length 5.
        json: print a JSON list.
    """
    from copycar.learning.policies.network import NETWORKS  # noqa: PLC0415 - torch: `--help` must not wait for it

    image_size = parse_size(size)
    found = [_describe(name, image_size, network or {})] if name else [_attempt(each, image_size) for each in NETWORKS]
    if json:
        print_json(found)
    elif name:
        _tell(found[0], inspect.getdoc(NETWORKS.get(name)) or "")
    else:
        _list(found)


def _list(found: list[dict[str, Any]]) -> None:
    table = Table("network", "parameters", "MMAC", "frames/s", "what it is")
    for network in found:
        table.add_row(network["name"], *_cost(network), network["summary"])
    show.print(table)
    show.print("MMAC: million multiply-adds a frame; frames/s: one thread of this machine.")
    show.print("train one: copycar train TUB --type NAME      its options: copycar networks NAME")


def _tell(network: dict[str, Any], about: str) -> None:
    tell(show, network["name"], "bold")
    show.print(
        about.replace("Args:\n    given: what it is built for.", "Options (--network.NAME VALUE):"), markup=False
    )
    for remark in network["remarks"]:
        tell(show, remark)
    parameters, mmac, frames_per_s = _cost(network)
    tell(show, f"{parameters} parameters, {mmac} MMAC a frame, {frames_per_s} frames/s on one thread of this machine")


def _cost(network: dict[str, Any]) -> tuple[str, str, str]:
    if network["parameters"] is None:
        return "-", "-", "-"
    return f"{network['parameters']:,}", f"{network['mmac']:.1f}", f"{network['frames_per_s']:.0f}"


def _attempt(name: str, image_size: tuple[int, int]) -> dict[str, Any]:
    try:
        return _describe(name, image_size, {})
    except CopycarError as error:  # this network cannot be built for such pictures
        nothing: dict[str, Any] = {"parameters": None, "mmac": None, "frames_per_s": None, "remarks": []}
        return {"name": name, "summary": error.what, **nothing}


def _describe(name: str, image_size: tuple[int, int], options: Mapping[str, Any]) -> dict[str, Any]:
    from copycar.learning.cost import build_example, cost_of  # noqa: PLC0415 - torch
    from copycar.learning.policies.network import NETWORKS  # noqa: PLC0415 - torch

    summary = (inspect.getdoc(NETWORKS.get(name)) or "").splitlines()[0]
    network = build_example(name, image_size, options)
    cost = cost_of(network)
    figures = {"parameters": cost.parameters, "mmac": cost.mmac, "frames_per_s": cost.frames_per_s}
    return {"name": name, "summary": summary, **figures, "remarks": list(network.remarks)}
