"""The command `chaos image-corrupt`, with a subcommand for each task before, during and after an experiment.

`chaos` loads this module at each start, so a subcommand is imported only when it is called.
"""

from importlib import import_module
from typing import Any

import click

__all__ = ["image_corrupt"]

# the module of each subcommand, and the function in it
_COMMANDS = {
    "experiments": "experiments",
    "import": "import_",
    "init": "init",
    "manifests": "manifests",
    "preflight": "preflight",
    "report": "report",
    "restore": "restore",
    "simulate": "simulate",
    "status": "status",
    "sweep": "sweep",
    "verify": "verify",
    "watch": "watch",
}


class _LazyGroup(click.Group):
    """Imports a subcommand when it is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Prepare log and output before anything else; `chaos` has set up its log already."""
        from .streams import orderly_end, prepare_streams

        prepare_streams(parent)
        with orderly_end():  # --help prints here
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; it ends in order also while it is imported."""
        from .streams import orderly_end

        with orderly_end():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"{__package__}.{_COMMANDS[cmd_name]}")
        command = getattr(module, _COMMANDS[cmd_name])
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the whole first sentence of each subcommand, which click would cut."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, c.get_short_help_str(limit=200)) for name, c in commands if c is not None])


@click.command("image-corrupt", cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def image_corrupt() -> None:
    """Corrupt a Deployment's image on purpose, and check whether everything recovers.

    Exit codes: 0 done; 1 an error, a blocker, or a Deployment that is not restored; 2 wrong usage; 130 Ctrl-C; 141 the
    reader of a pipe has closed it. `simulate` returns the exit code of its command.
    """
