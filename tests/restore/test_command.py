"""The command in a message is one that the command line takes."""

import shlex

from chaosimagecorrupt.cli.restore import restore
from chaosimagecorrupt.restore.command import restore_command


def test_the_command_line_takes_it_and_restores_that_deployment() -> None:
    chaos, group, subcommand, *arguments = shlex.split(restore_command("shop", "web"))
    assert (chaos, group, subcommand) == ("chaos", "image-corrupt", restore.name)
    given = restore.make_context(subcommand, arguments).params
    assert (given["name"], given["namespace"], given["everything"]) == ("web", "shop", False)
