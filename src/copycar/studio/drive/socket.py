"""The one WebSocket of the drive page: pictures out, at most two unseen ones at a time; the hand and commands in.

A viewer that stalls gets no more pictures until it has drawn the last ones, so that it never drives on stale video.
Knows nothing of how a drive works.
"""

import asyncio
import json
import logging
import time
from collections import deque
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.studio.drive.commands import FOR_EVERYBODY, obey
from copycar.studio.drive.session import DriveSession
from copycar.studio.drive.wheel import Wheel
from copycar.studio.workplace import Workplace

log = logging.getLogger("copycar.studio")

CREDITS = 2  # pictures on their way: one being drawn, one behind it (measured in the study of transports)
MOST_WAITING = 16  # commands of one page
MOST_VIEWERS = 8  # a page costs a picture per tick; a class watches the beamer


class Viewers:
    """Everybody who has the page open. Lives on the server's event loop; `wake` may be called from any thread.

    Args:
        workplace: where policies and tubs are.

    Attributes:
        session: what is driven.
        wheel: who drives.
    """

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: set[Viewer] = set()
        self.session = DriveSession(workplace, self.wake)
        self.wheel = Wheel()

    async def serve(self, connection: WebSocket) -> None:
        """Serve one page until it goes."""
        self._loop = asyncio.get_running_loop()
        await connection.accept()
        if len(self._open) >= MOST_VIEWERS:
            await connection.close(1013, "too many watch already")
            return
        viewer = Viewer(connection, self)
        self._open.add(viewer)
        self.wheel.take(viewer)
        try:
            await viewer.serve()
        finally:
            self._open.discard(viewer)
            self.leave_wheel(viewer)
            self.wake()

    def leave_wheel(self, viewer: object) -> None:
        """Stand up: the car stops, and somebody else may take the wheel."""
        if self.wheel.leave(viewer):
            self.session.driver.hand.let_go()

    def wake(self) -> None:
        """Let every page look for news."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    def state_for(self, viewer: object) -> dict[str, Any]:
        """Return all that one page shows besides pictures."""
        holder = self.wheel.holder
        seat = {"viewers": len(self._open), "is_driver": holder is viewer, "is_free": holder is None}
        return {**self.session.state(), **seat}

    def offers(self) -> dict[str, list[str]]:
        """Return what can be chosen from; looks into folders."""
        return {"policies": self._workplace.policies(), "tubs": self._workplace.tubs()}

    def _wake_all(self) -> None:
        for viewer in self._open:
            viewer.news.set()


class Viewer:
    """One open page.

    Args:
        connection: its socket, accepted.
        viewers: all of them.

    Attributes:
        news: set when there may be something to send.
    """

    def __init__(self, connection: WebSocket, viewers: Viewers) -> None:
        self._connection, self._viewers, self._session = connection, viewers, viewers.session
        self._sent = self._seen = 0
        self._unseen: deque[int] = deque()
        self._asked: asyncio.Queue[tuple[str, Any]] = asyncio.Queue(MOST_WAITING)
        self._told = ""
        self.news = asyncio.Event()

    async def serve(self) -> None:
        """Send and receive until either ends."""
        await self._send({"offers": await asyncio.to_thread(self._viewers.offers)})
        self.news.set()
        tasks = [asyncio.create_task(work()) for work in (self._speak, self._listen, self._work)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: starlette's, where the page has gone already
            pass
        finally:
            for task in tasks:
                task.cancel()

    async def _speak(self) -> None:
        while True:
            await self.news.wait()
            self.news.clear()
            await self._send_state()
            await self._send_picture()

    async def _listen(self) -> None:
        while True:
            try:
                message = json.loads(await self._connection.receive_text())
                await self._hear(message)
            except (ValueError, TypeError, AttributeError, KeyError) as error:  # not from our page
                log.warning("a page sent something odd: %s", error)

    async def _hear(self, message: dict[str, Any]) -> None:
        if (seen := message.get("seen")) is not None:
            self._note_seen(int(seen))
        if "hand" in message:
            self._hold(message["hand"])
        if "ping" in message:
            await self._send({"pong": message["ping"], "server_ms": time.time() * 1e3})
        if "do" in message:
            await self._ask(str(message["do"]), message.get("value"))

    def _note_seen(self, number: int) -> None:
        """Note that a picture was drawn, and all before it; what was never sent cannot have been seen."""
        self._seen = max(self._seen, min(number, self._sent))
        while self._unseen and self._unseen[0] <= self._seen:
            self._unseen.popleft()
        self.news.set()

    def _hold(self, hand: dict[str, Any] | None) -> None:
        if self._viewers.wheel.holder is not self:
            return
        if hand is None:  # the page is hidden, or goes: it will not speak again for a while
            self._session.driver.hand.let_go()
            return
        self._session.driver.hand.say(
            Action(float(hand["steering"]), float(hand["throttle"])),
            is_touching=bool(hand["touching"]),
            number=int(hand["number"]),
            seen_ns=self._session.pictures.taken_ns(self._seen),
        )

    async def _ask(self, name: str, value: Any) -> None:
        """Stop at once; all else waits its turn, so that loading a policy does not silence the hand."""
        if name in FOR_EVERYBODY:
            obey(self._session, name, value, is_driver=False)
            self._viewers.wake()
        elif self._asked.full():
            await self._send({"refused": "too much at once"})
        else:
            self._asked.put_nowait((name, value))

    async def _work(self) -> None:
        while True:
            name, value = await self._asked.get()
            wheel = self._viewers.wheel
            try:
                if name == "take":
                    wheel.take(self)
                elif name == "give":
                    self._viewers.leave_wheel(self)
                else:
                    await asyncio.to_thread(obey, self._session, name, value, is_driver=wheel.holder is self)
            except CopycarError as error:
                await self._send({"refused": str(error)})
            self._viewers.wake()

    async def _send_state(self) -> None:
        state = json.dumps(self._viewers.state_for(self))
        if state != self._told:
            self._told = state
            await self._connection.send_text(f'{{"state": {state}}}')

    async def _send_picture(self) -> None:
        picture = self._session.pictures.latest
        if picture and picture.number > self._sent and len(self._unseen) < CREDITS:
            self._unseen.append(picture.number)
            self._sent = picture.number
            await self._connection.send_bytes(picture.message)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._connection.send_text(json.dumps(message))
