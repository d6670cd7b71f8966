"""The command line: one small module per command, imported only when it is called."""

from __future__ import annotations

import atexit
import gc
import importlib
import sys
from typing import Final, cast

import click

from rasid import __version__
from rasid.errors import AlreadyRunningError, ConfigError, RasidError

# new objects between two looks for cycles; with Python's own 700 those of loading alone are looked
# through four hundred times
_YOUNG: Final = 20_000
# name -> (module, one line for `rasid --help`): listing them must not import them
COMMANDS: Final = {
    "run": ("run", "Run the daemon: poll, match, alert, until stopped."),
    "once": ("once", "Do one round of what is due and deliver; for cron."),
    "demo": ("demo", "Show the whole path with a local newspaper, no network needed."),
    "init": ("init", "Write a starter rules.yaml."),
    "check": ("check", "Check rules.yaml and run the examples of its rules."),
    "match": ("match", "Print which rules match the items of a file."),
    "backtest": ("backtest", "Try rules on stored items: matches a day, alerts, differences."),
    "parse": ("parse", "Show the items that a feed gives."),
    "sources": ("sources", "List, test, enable and disable sources."),
    "rules": ("rules", "List rules; show what their words became."),
    "places": ("places", "Find places; import more of them."),
    "items": ("items", "List stored items."),
    "stories": ("stories", "Tell which items are about one event."),
    "search": ("search", "Search stored items in the language of rules."),
    "report": ("report", "Report what to hand over; who told stories first, who never did."),
    "alerts": ("alerts", "List alerts; retry or drop dead ones."),
    "ack": ("ack", "Say that somebody has taken up an alert."),
    "silence": ("silence", "Keep alerts back for a while; list and end silences."),
    "explain": ("explain", "Say why an alert was raised."),
    "capture": ("capture", "Export what an alert rests on, as it came over the wire."),
    "why": ("why", "Say why a rule matches an item, or does not."),
    "why-not-sent": ("why_not_sent", "Say how far an item came, and why no further."),
    "notify": ("notify", "Send a test message to receivers."),
    "status": ("status", "Show what is stored, pending and broken."),
    "health": ("health", "Say whether the daemon is alive: exit 0 or 1."),
    "doctor": ("doctor", "Check this installation and its database."),
    "prune": ("prune", "Delete texts of items and alerts past their retention."),
    "backup": ("backup", "Write a verified copy of the database."),
    "restore": ("restore", "Put a backup in the place of the database."),
    "config": ("config", "Print the JSON Schema of rules.yaml."),
    "version": ("version", "Print the version."),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"rasid.cli.{COMMANDS[name][0]}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def command() -> None:
    """Watch news outlets and alert when an item matches a rule."""


def main() -> None:
    """Run the command line; exit 0 well, 1 failed, 2 usage or configuration, 75 busy."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)  # or all modules are searched for cycles before they are dropped
    _refuse_foreign_modules()
    try:
        command(prog_name="rasid")
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    except AlreadyRunningError as error:
        click.echo(f"rasid: {error}", err=True)
        sys.exit(75)
    except RasidError as error:
        click.echo(f"rasid: {error}", err=True)
        sys.exit(1)


def _refuse_foreign_modules() -> None:
    from rasid.cli.shadowing import shadowed

    if found := shadowed():
        for text in found:
            click.echo(f"rasid: {text}", err=True)
        sys.exit(2)
