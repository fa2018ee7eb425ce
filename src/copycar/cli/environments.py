"""`copycar environments`: the places to drive."""

from rich.table import Table

from copycar.cli.output import print_json, show
from copycar.environments.make import environments as known_environments


def environments(*, json: bool = False) -> None:
    """List the places to drive.

    Args:
        json: print a JSON list.
    """
    found = known_environments()
    if json:
        print_json(found)
        return
    table = Table("environment", "what it is")
    for environment in found:
        table.add_row(environment["name"], environment["summary"])
    show.print(table)
    show.print("drive one: copycar drive NAME --driver expert; any installed gymnasium id works too")
