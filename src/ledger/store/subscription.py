"""The library's subscription over the ledger's order."""

import threading
from collections.abc import Sequence

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription

POLL_SECONDS = 0.05


class PollingSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Asks again every 50 ms; the ledger's order has no gaps, so asking from the last id misses nothing."""

    def __init__(self, recorder: ApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._stopped = threading.Event()
        self._poll = threading.Thread(target=self._nudge, daemon=True)
        self._poll.start()

    def _nudge(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            self._has_been_notified.set()

    def stop(self) -> None:
        # The pulling thread may stop the subscription before this class has been set up.
        if stopped := getattr(self, "_stopped", None):
            stopped.set()
        super().stop()
