"""The command line: `lumbung` and its commands, each loaded only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from metadata.errors import LumbungError

COMMANDS = {
    "init": "portal.cli.admin:init",
    "config": "portal.cli.admin:config",
    "doctor": "portal.cli.admin:doctor",
    "reindex": "portal.cli.search:reindex",
    "search": "portal.cli.search:search",
    "source": "portal.cli.source:source",
    "harvest": "portal.cli.harvest:harvest",
    "worker": "portal.cli.worker:worker",
    "jobs": "portal.cli.jobs:jobs",
    "mail": "portal.cli.mail:mail",
    "kip": "portal.cli.kip:kip",
    "webhook": "portal.cli.webhook:webhook",
    "held": "portal.cli.held:held",
    "read": "portal.cli.files:read",
    "describe": "portal.cli.files:describe",
    "validate": "portal.cli.files:validate",
    "publish": "portal.cli.publish:publish",
    "verify": "portal.cli.verify:verify",
    "user": "portal.cli.user:user",
    "token": "portal.cli.user:token",
    "serve": "portal.cli.serve:serve",
    "demo": "portal.cli.demo:demo",
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it is asked for, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a newcomer's way through them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Name and first line of each command, from its module's text rather than by importing them all."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SHORT[name]) for name in COMMANDS])


SHORT = {
    "init": "Make an installation's folder, database and index.",
    "config": "Show every setting and where its value comes from.",
    "doctor": "Say what is wrong with an installation, and mend it with --repair.",
    "reindex": "Make the search index anew from the database.",
    "search": "Search the catalogue.",
    "source": "Add, list and check the systems to harvest.",
    "harvest": "Harvest one source or all of them.",
    "worker": "Harvest sources when they are due, until told to stop.",
    "jobs": "List the work that is due, under way, or given up; try it again or drop it.",
    "mail": "List the letters that wait or were given up; try them again or drop them.",
    "webhook": "Register, list and remove the addresses that are told of publications.",
    "kip": "Bring the information desk up to the day, renew the key of its personal data.",
    "held": "List, show, accept or turn down what a harvest held back.",
    "read": "Show how a file is read: tables, header rows, types, repairs.",
    "describe": "Print the data package of a file.",
    "validate": "Check a file against a schema.",
    "publish": "Publish a file as a dataset.",
    "verify": "Check a downloaded file against a journal, from outside.",
    "user": "Add and list people, give roles, shut somebody out.",
    "token": "Make, list and revoke tokens for programs.",
    "serve": "Serve the portal.",
    "demo": "Harvest the sample sources and serve the result.",
}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lumbung")
def lumbung() -> None:
    """Lumbung, the public granary of a regency's data. Settings are LUMBUNG_* variables; see `lumbung config`."""


def main(arguments: list[str] | None = None) -> None:
    """The entry point. Exit codes: 0 fine, 1 done with failures (a file that cannot be read is one), 2 wrong use."""
    try:
        result: Any = lumbung.main(args=arguments, prog_name="lumbung", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Dihentikan. / Stopped.", err=True)
        sys.exit(1)
    except LumbungError as error:
        from metadata.reading.errors import Unreadable  # late: most commands end well

        click.echo(f"{error.say('id')}\n{error.say('en')}", err=True)
        sys.exit(1 if isinstance(error, Unreadable) else 2)
    sys.exit(result if isinstance(result, int) else 0)
