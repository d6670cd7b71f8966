"""`rasid run`."""

from __future__ import annotations

import click

from rasid.cli.options import Place, configure_logging, with_place


@click.command
@with_place
def command(place: Place) -> None:
    """Run the daemon: poll, match, alert, until SIGTERM or Ctrl-C.

    SIGHUP reads rules.yaml again; an invalid one is refused and the old rules stay.
    """
    configure_logging()
    from scheduler import run_daemon

    run_daemon(place)
