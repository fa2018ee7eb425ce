"""What the tubs page asks the server for: JSON, JPEGs and columns of numbers. A GET never changes anything.

Every answer that could not be given is `{"what", "why", "fix"}` with status 422. Knows nothing of how tubs work.
"""

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from copycar.core.errors import CopycarError
from copycar.studio.error_page import in_words
from copycar.studio.tubs.desk import Desk
from copycar.studio.tubs.making import make
from copycar.studio.tubs.opinions import opinions, saliency
from copycar.studio.workplace import Workplace
from copycar.tubs.doctor.examine import examine
from copycar.tubs.doctor.verdict import Verdict
from copycar.tubs.ranges import to_ranges

Asked = dict[str, Any]
Answer = Callable[[Desk, Asked], Response]

JPEG = "image/jpeg"
A_DAY = {"Cache-Control": "private, max-age=86400"}  # the address of a picture holds the tub's version


def routes(workplace: Workplace) -> list[BaseRoute]:
    """Return the addresses below `/tubs/`."""
    desk = Desk(workplace)
    reads = [Route(f"/tubs/{name}", _endpoint(desk, answer), methods=["GET"]) for name, answer in READS.items()]
    edits = [Route(f"/tubs/{name}", _endpoint(desk, answer), methods=["POST"]) for name, answer in EDITS.items()]
    return [*reads, *edits]


def _endpoint(desk: Desk, answer: Answer) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            asked = await request.json() if request.method == "POST" else dict(request.query_params)
            return await run_in_threadpool(answer, desk, asked)
        except CopycarError as error:
            return _refused(error)
        except (KeyError, TypeError, ValueError) as error:
            return _refused(CopycarError("the page asked for something odd", f"{type(error).__name__}: {error}"))

    return endpoint


def _refused(error: CopycarError) -> Response:
    return JSONResponse(dict(zip(("what", "why", "fix"), in_words(error), strict=True)), 422)


def _offers(desk: Desk, asked: Asked) -> Response:
    return JSONResponse({"tubs": desk.workplace.tubs(), "policies": desk.workplace.policies()})


def _summary(desk: Desk, asked: Asked) -> Response:
    return JSONResponse(desk.summary(asked["tub"]))


def _frames(desk: Desk, asked: Asked) -> Response:
    opened = desk.open(asked["tub"])
    columns = {
        "numbers": opened.records.numbers.astype(np.uint32),
        "steering": opened.records.actions[:, 0].astype(np.float32),
        "throttle": opened.records.actions[:, 1].astype(np.float32),
        "deleted": np.isin(opened.records.numbers, list(opened.whole.deleted)).astype(np.uint8),
    }
    return columns_answer(desk.about(asked["tub"]), columns)


def _version(desk: Desk, asked: Asked) -> Response:
    return JSONResponse({"version": desk.open(asked["tub"]).version})


def _record(desk: Desk, asked: Asked) -> Response:
    record = desk.record(asked["tub"], int(asked["frame"]))
    values = {key: str(value) for key, value in record.values.items()}
    return JSONResponse({"session": record.session, "values": values})


def _picture(desk: Desk, asked: Asked) -> Response:
    jpeg = desk.picture(asked["tub"], int(asked["frame"]), asked.get("version", ""))
    return Response(jpeg, media_type=JPEG, headers=A_DAY)


def _saliency(desk: Desk, asked: Asked) -> Response:
    return Response(saliency(desk, asked["tub"], asked["policy"], int(asked["frame"])), media_type=JPEG)


def _matching(desk: Desk, asked: Asked) -> Response:
    return JSONResponse({"ranges": desk.matching(asked["tub"], asked["where"])})


def _check(desk: Desk, asked: Asked) -> Response:
    (examined,) = examine(desk.workplace.path(asked["tub"]))
    verdicts = [_suggestion(verdict) for verdict in examined.verdicts if verdict.status != "ok"]
    return JSONResponse({"verdicts": verdicts})


def _suggestion(verdict: Verdict) -> dict[str, Any]:
    return {**verdict.as_json(), "deletes": verdict.deletes, "ranges": to_ranges(verdict.frames)}


def _opinions(desk: Desk, asked: Asked) -> Response:
    said = opinions(desk, asked["tub"], asked["policy"])
    columns = {
        "numbers": said.numbers.astype(np.uint32),
        "steering": said.actions[:, 0].astype(np.float32),
        "throttle": said.actions[:, 1].astype(np.float32),
    }
    return columns_answer({"worst": said.worst}, columns)


def _edit(desk: Desk, asked: Asked) -> Response:
    ranges = [(int(start), int(stop)) for start, stop in asked.get("ranges", [])]
    desk.edit(asked["tub"], asked["verb"], ranges, str(asked.get("why", "")))
    return _frames(desk, asked)


def _make(desk: Desk, asked: Asked) -> Response:
    return JSONResponse({"made": make(desk.workplace, asked["verb"], list(asked["tubs"]), asked["out"])})


READS: dict[str, Answer] = {
    "offers": _offers,
    "summary": _summary,
    "frames": _frames,
    "version": _version,
    "record": _record,
    "picture": _picture,
    "saliency": _saliency,
    "matching": _matching,
    "check": _check,
    "opinions": _opinions,
}
EDITS: dict[str, Answer] = {"edit": _edit, "make": _make}


def columns_answer(about: dict[str, Any], columns: dict[str, Any]) -> Response:
    """Return columns of numbers as bytes: uint32 length of the header, the header (JSON), padding, each column.

    The header's `columns` tells name, type and length of each; the first one begins at a multiple of 4 bytes. A tub of
    100,000 frames takes 1.3 MB, and the browser uses them as they are.
    """
    listing = [[name, str(column.dtype), len(column)] for name, column in columns.items()]
    header = json.dumps({**about, "columns": listing}).encode()
    header += b" " * (-len(header) % 4)
    data = b"".join(column.tobytes() for column in columns.values())
    return Response(struct.pack("<I", len(header)) + header + data, media_type="application/octet-stream")
