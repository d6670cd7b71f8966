"""A newsroom whose alerts are delivered to a receiver that remembers them."""

from __future__ import annotations

from newsroom import Newsroom, item

from rasid.alerts.outbox import Outbox
from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Message, Target
from rasid.notifiers.text import renderer
from rasid.settings import HOUR


class Recorder:
    """A receiver that takes everything."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        self.messages.append(message)
        return DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)

    def body_limit(self, target: Target) -> int:
        return 4_000


class Desk:
    """A newsroom whose alerts are delivered."""

    def __init__(self, room: Newsroom) -> None:
        self.room = room
        self.heard = Recorder()
        self._number = 0
        self._outbox = Outbox(
            room.storage,
            self.heard,
            lambda: room.world.targets,
            room.clock,
            lambda: room.world.config.settings,
            renderer("UTC"),
        )

    async def report(self, *titles: str, source: str = "front") -> list[Message]:
        """Show new items at once; return what is sent because of them."""
        items = []
        for title in titles:
            self._number += 1
            items.append(item(self._number, title, published=None))
        self.room.clock.forward(-HOUR // 6)  # which `show` adds
        await self.room.show(source, items)
        return await self.sent()

    async def sent(self, after: int = 0) -> list[Message]:
        """Return what is sent when some time has passed."""
        self.room.clock.forward(after)
        before = len(self.heard.messages)
        await self._outbox.round()
        return self.heard.messages[before:]
