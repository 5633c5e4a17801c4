"""Images that no registry has, and how they are told from all others. Pure."""

from .image_reference import parse_image

__all__ = ["DEFAULT_IMAGE", "is_made_up", "made_up_tag", "unreadable", "with_no_digest"]

DEFAULT_IMAGE = "registry.invalid/nonexistent:chaos"

# of a tag that no registry has: unlikely, and recognizable in a log
_TAG = "chaos-image-corrupt-"
_ID_LENGTH = 12
_NO_DIGEST = "sha256:" + "0" * 64
# a repository in capital letters: the API server takes any text, the kubelet cannot read it
_UNREADABLE = "/INVALID"


def made_up_tag(repository: str, injection_id: str) -> str:
    """Return a repository with a tag that does not exist there.

    Args:
        repository: registry and repository, without tag and digest.
        injection_id: makes the tag unlikely.
    """
    return f"{repository}:{_TAG}{injection_id[:_ID_LENGTH]}"


def with_no_digest(repository: str) -> str:
    """Return a repository with a digest of zeros, which no content has."""
    return f"{repository}@{_NO_DIGEST}"


def unreadable(repository: str, injection_id: str) -> str:
    """Return what begins like a repository, and what the API server takes, but no kubelet can read."""
    return made_up_tag(repository + _UNREADABLE, injection_id)


def is_made_up(image: str | None) -> bool:
    """Return whether an image can only be a corrupt one: by its tag, so that no other client deploys it.

    A digest of zeros does not count: whoever tests with one may well write it.
    """
    if image is None:
        return False
    if image == DEFAULT_IMAGE or f"{_UNREADABLE}:{_TAG}" in image:
        return True
    found = parse_image(image)
    return found is not None and found.tag.startswith(_TAG)
