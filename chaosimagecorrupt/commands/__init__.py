"""The subcommands of `chaos image-corrupt`, a module each; `cli` imports one when it is called."""
