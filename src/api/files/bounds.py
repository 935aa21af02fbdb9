"""How a process that reads a file from outside bounds itself."""

import sys


def bound_process(memory: int, cpu_seconds: int) -> None:
    """The kernel ends the process that takes more than this; without such limits the parent still counts the time."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    limits = {resource.RLIMIT_CPU: cpu_seconds, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    # macOS knows it, refuses every value below the maximum, and enforces none.
    if sys.platform != "darwin":
        limits[resource.RLIMIT_AS] = memory
    for limit, most in limits.items():
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))
    # Where the service was killed, nobody is left to count.
    signal.alarm(2 * cpu_seconds)
