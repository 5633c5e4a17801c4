"""What setup.cfg cannot say: on a package index, the links of the README lead to the repository at this version."""

import re
from configparser import ConfigParser
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent
SETTINGS = ConfigParser()
SETTINGS.read(ROOT / "setup.cfg")


def absolute_links(readme: str, repository: str, version: str) -> str:
    """Return the README with absolute links, those of pictures to the picture itself."""
    relative = r"\]\((?![a-z]+:|#)"
    readme = re.sub(rf"(!\[[^\]]*){relative}", rf"\1]({repository}/raw/v{version}/", readme)
    return re.sub(relative, f"]({repository}/blob/v{version}/", readme)


version = re.search('__version__ = "(.*)"', (ROOT / "chaosimagecorrupt" / "__init__.py").read_text(encoding="utf-8"))
assert version is not None
setup(
    long_description=absolute_links(
        (ROOT / "README.md").read_text(encoding="utf-8"), SETTINGS["metadata"]["url"], version[1]
    )
)
