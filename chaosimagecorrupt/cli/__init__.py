"""The command `chaos image-corrupt`, with a subcommand for each task before, during and after an experiment.

This package has one module for each subcommand, and what they share: options, output, completion.
Not here: anything that an experiment also needs.
"""

from .main import image_corrupt

__all__ = ["image_corrupt"]
