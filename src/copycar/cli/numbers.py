"""Numbers that an option accepts; anything else is refused before the work begins."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

Count = Annotated[int, Parameter(validator=Number(gte=1))]
"""1, 2, 3 …"""

Natural = Annotated[int, Parameter(validator=Number(gte=0))]
"""0, 1, 2 …"""

Positive = Annotated[float, Parameter(validator=Number(gt=0))]
"""More than 0."""

Share = Annotated[float, Parameter(validator=Number(gte=0, lte=1))]
"""0 … 1."""

Percentage = Annotated[float, Parameter(validator=Number(gte=0, lte=100))]
"""0 … 100."""

Seed = Natural
"""Of random numbers."""
