"""systemd's notifications; nothing where no systemd asks for them."""

from __future__ import annotations

import os


def tell(message: str) -> None:
    """Send a state such as `READY=1`."""
    if "NOTIFY_SOCKET" in os.environ:
        import sdnotify

        sdnotify.SystemdNotifier().notify(message)
