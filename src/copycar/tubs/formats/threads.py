"""Do the slow part of a stream in threads, and keep its order. Knows nothing of pictures."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from copycar.tubs.parallel import usable_cores

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 8  # items per thread that may be under way: memory stays small however long the stream is


def in_threads(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield `function(item)` in the order of the items, which are taken one after the other in the calling thread."""
    n_threads = usable_cores()
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(n_threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) >= AHEAD * n_threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
