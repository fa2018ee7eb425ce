"""`copycar networks`: what can be trained, with what it costs."""

from typing import Any

from rich.table import Table

from copycar.cli.output import print_json, show

EXAMPLE_SIZE = (120, 160)


def networks(*, json: bool = False) -> None:
    """List the networks that can be trained.

    Args:
        json: print a JSON list.
    """
    from copycar.learning.policies.network import NETWORKS  # noqa: PLC0415 - torch: `--help` must not wait for it

    found = [_describe(name, NETWORKS.get(name)) for name in NETWORKS]
    if json:
        print_json(found)
        return
    table = Table("network", "parameters", "what it is")
    for network in found:
        table.add_row(network["name"], f"{network['parameters']:,}", network["summary"])
    show.print(table)
    show.print("train one: copycar train TUB --type NAME")


def _describe(name: str, network: Any) -> dict[str, Any]:
    parameters = sum(parameter.numel() for parameter in network(EXAMPLE_SIZE).parameters())
    return {"name": name, "summary": (network.__doc__ or "").strip().splitlines()[0], "parameters": parameters}
