"""Seconds on the wall and of the processor that a deed takes in this process; needs nothing but Python."""

import time
from collections.abc import Callable


def clocked(deed: Callable[[], object]) -> dict[str, float]:
    """Do it and tell both."""
    wall, processor = time.perf_counter(), time.process_time()
    deed()
    return {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - processor}
