"""`chaos image-corrupt`: what an engineer does around an experiment.

Here belongs one module for each subcommand, and what they share: options, output, completion.
Not here: anything that an experiment needs as well.
"""

from .main import image_corrupt

__all__ = ["image_corrupt"]
