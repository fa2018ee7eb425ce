"""What a car answers to other machines: `/api/car/…`, JSON, behind the guard of every page: token, host, limits.

| request | what |
|---|---|
| `GET /api/car` | health: rate, latency, what is driven, temperature, battery, room on the disk |
| `GET`, `POST /api/car/calibration` | the calibration; `{"values": {…}, "save": false}` changes it while it drives |
| `POST /api/car/hold` | `{"steering", "throttle"}`: hold the wheels there for the next fifth of a second |
| `GET /api/car/tubs` | recordings |
| `GET /api/car/tub?name=` | the files of one, with their hashes |
| `GET /api/car/file?tub=&path=` | one file, or its end (`Range`) |
| `GET /api/car/policies` | names of the policies |
| `GET /api/car/policy?sha256=` | how much of a policy has come |
| `POST /api/car/policy?name=&sha256=&offset=&last=` | one piece of it |

A GET changes nothing. What goes wrong is answered with `{"what", "why", "fix"}` and status 400.
"""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from copycar import __version__
from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.machine import machine_health
from copycar.studio.car.files import Piece, receive, received, tub_file, tub_files, tub_rows
from copycar.studio.drive.socket import Viewers
from copycar.studio.workplace import Workplace

PREFIX = "/api/car"

MOST_HELD_THROTTLE = 0.3
"""Of the stick's way: enough to find where the wheels begin to turn, on a car that may stand on the floor."""

Answer = Callable[[Request], Awaitable[Any]]


def routes(viewers: Viewers, workplace: Workplace) -> list[BaseRoute]:
    """Return the addresses of one car: what its page drives, it tells and calibrates."""
    car = Surface(viewers, workplace)
    reads: dict[str, Answer] = {
        "": car.health,
        "/calibration": car.calibration,
        "/tubs": car.tubs,
        "/tub": car.tub,
        "/file": car.file,
        "/policies": car.policies,
        "/policy": car.received,
    }
    changes: dict[str, Answer] = {"/calibration": car.calibrate, "/hold": car.hold, "/policy": car.receive}
    return [
        *(Route(PREFIX + path, _answering(answer), methods=["GET"]) for path, answer in reads.items()),
        *(Route(PREFIX + path, _answering(answer), methods=["POST"]) for path, answer in changes.items()),
    ]


class Surface:
    """One car's answers, each to one address; see the table above. What takes a while is done on another thread.

    Args:
        viewers: what is driven, and by whom.
        workplace: where recordings and policies are.
    """

    def __init__(self, viewers: Viewers, workplace: Workplace) -> None:
        self._viewers, self._workplace = viewers, workplace

    async def health(self, _: Request) -> Any:
        """Tell how the car is."""
        return await run_in_threadpool(_health, self._viewers, self._workplace)

    async def calibration(self, _: Request) -> Any:
        """Tell the calibration."""
        return self._viewers.session.calibrator.now.model_dump()

    async def calibrate(self, request: Request) -> Any:
        """Change the calibration, and save it where that is asked for."""
        return await run_in_threadpool(_calibrate, self._viewers, await _json(request))

    async def hold(self, request: Request) -> Any:
        """Hold the wheels."""
        return _hold(self._viewers, await _json(request))

    async def tubs(self, _: Request) -> Any:
        """Tell the recordings."""
        return await run_in_threadpool(tub_rows, self._workplace)

    async def tub(self, request: Request) -> Any:
        """Tell the files of a recording."""
        return await run_in_threadpool(tub_files, self._workplace, request.query_params.get("name", ""))

    async def file(self, request: Request) -> Any:
        """Give one file, or the end of it."""
        asked = request.query_params
        tub, path = asked.get("tub", ""), asked.get("path", "")
        return FileResponse(await run_in_threadpool(tub_file, self._workplace, tub, path))

    async def policies(self, _: Request) -> Any:
        """Tell the names of the policies."""
        return await run_in_threadpool(self._workplace.policies)

    async def received(self, request: Request) -> Any:
        """Tell how much of a policy has come."""
        return {"received": received(self._workplace, request.query_params.get("sha256", ""))}

    async def receive(self, request: Request) -> Any:
        """Take a piece of a policy."""
        asked, data = request.query_params, await request.body()
        piece = Piece(asked["name"], asked["sha256"], int(asked["offset"]), data, is_last=asked.get("last") == "true")
        return {"received": await run_in_threadpool(receive, self._workplace, piece)}


def _answering(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            found = await answer(request)
        except CopycarError as error:
            return JSONResponse({"what": error.what, "why": error.why, "fix": error.fix}, 400)
        except (ValueError, TypeError, KeyError) as error:  # not from our page
            return JSONResponse({"what": "this was not understood", "why": str(error), "fix": ""}, 400)
        return found if isinstance(found, Response) else JSONResponse(found)

    return answered


async def _json(request: Request) -> dict[str, Any]:
    return dict(json.loads(await request.body()))


def _health(viewers: Viewers, workplace: Workplace) -> dict[str, Any]:
    session = viewers.session
    return {
        "version": __version__,
        "phase": session.phase,
        "environment": session.environment,
        "is_calibrated": session.is_calibrated,
        "mode": session.driver.controls.mode,
        "policy": session.policy,
        "is_driven": viewers.wheel.holder is not None,
        "rate_hz": session.pictures.rate_hz(),
        "policy_latency_ms": session.policy_latency_ms(),
        "recorded": session.recorder.recorded,
        "dropped": session.recorder.dropped,
        **machine_health(workplace.root).as_json(),
    }


def _calibrate(viewers: Viewers, asked: dict[str, Any]) -> dict[str, Any]:
    calibrator = viewers.session.calibrator
    calibrator.change(dict(asked.get("values", {})))
    if asked.get("save"):
        calibrator.save()
    return calibrator.now.model_dump()


def _hold(viewers: Viewers, asked: dict[str, Any]) -> dict[str, Any]:
    """Let a person who stands beside the car move its wheels, as long as nobody drives it from its own page."""
    session = viewers.session
    if viewers.wheel.holder is not None:
        raise CopycarError("somebody drives this car", "its drive page is open", "close that page first")
    if session.phase != "driving":
        raise CopycarError("nothing is driven on this car", fix="start a drive there: its wheels move only then")
    if session.driver.controls.mode != "manual":
        raise CopycarError("a policy drives this car", fix="choose the manual mode there")
    throttle = min(max(float(asked["throttle"]), -MOST_HELD_THROTTLE), MOST_HELD_THROTTLE)
    action = Action(float(asked["steering"]), throttle)
    # whoever calibrates looks at the car itself and not at a picture, so that none can be too old
    session.driver.hand.say(action, is_touching=True, number=0, seen_ns=time.monotonic_ns())
    return {"executed": list(session.to_motors(session.driver.controls.of_human(action)))}
