"""Records that have no label to find them by."""

from typing import Any

import pytest

from chaosimagecorrupt.cli.unlabelled import left_text, listed, without_operator_chaos
from chaosimagecorrupt.record.snapshot import Snapshot

from ..manifests import a_deployment, corrupted

PREFIX = "chaos.operatorchaos.io/"
THEIRS = {f"{PREFIX}original-image-app": "quay.io/shop/app:v1", f"{PREFIX}corrupt-container-name": "app"}


def of_operator_chaos(**labels: str) -> Snapshot:
    deployment: Any = a_deployment()
    deployment["metadata"] |= {"annotations": THEIRS, "labels": labels}
    return Snapshot(deployment)


def test_a_record_is_of_operator_chaos_when_it_has_neither_a_label_nor_more_than_the_original_image() -> None:
    theirs, labelled = of_operator_chaos(), of_operator_chaos(**{f"{PREFIX}type": "ImageCorrupt"})
    unlabelled: Any = corrupted(a_deployment())
    unlabelled["metadata"]["labels"] = {}
    ours = Snapshot(unlabelled)
    assert without_operator_chaos([labelled, theirs, ours]) == ([labelled, ours], [theirs])


@pytest.mark.parametrize(("number", "what"), [(1, "it"), (2, "them")])
def test_what_is_left_is_named_with_how_to_restore_it(number: int, what: str) -> None:
    theirs = of_operator_chaos()
    assert left_text([theirs] * number) == (
        f"Left, made by operator-chaos, which may still run: {', '.join([theirs.name] * number)}. "
        f"To restore {what}, too: --unlabelled"
    )


def test_of_many_names_the_first_are_listed() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c, 2 more"
