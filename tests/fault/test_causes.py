"""The corrupt image is made up for the cause that the kubelet is to report; one whose pull may hang is refused."""

import re
from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.causes import refuse_slow_image
from chaosimagecorrupt.fault.result import injection_result
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, read_record
from chaosimagecorrupt.workload.image_reference import parse_image

from ..manifests import a_deployment, corrupted, injection, patched

ORIGINAL = "quay.io:443/org/app:v1@sha256:" + "a" * 64


def deployment(original: str = ORIGINAL, policy: str = "IfNotPresent") -> Any:
    found = a_deployment(containers={"app": original})
    found["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] = policy
    return found


@pytest.mark.parametrize(
    ("cause", "image"),
    [
        ("dns", DEFAULT_IMAGE),
        ("not-found", "quay.io:443/org/app:chaos-image-corrupt-id1"),
        ("digest", "quay.io:443/org/app@sha256:" + "0" * 64),
        ("invalid", "quay.io:443/org/app/INVALID:chaos-image-corrupt-id1"),
    ],
)
def test_the_image_is_made_up_from_the_original_one(cause: str, image: str) -> None:
    entry = injection(deployment(), cause=cause).entry
    assert (entry.image, entry.original, entry.cause, entry.intended) == (image, ORIGINAL, cause, cause)


@pytest.mark.parametrize("original", ["nginx", "nginx:1", "istio/pilot:1", "localhost:5000/a", "[fd00::1]:5000/a:v1"])
def test_registry_and_repository_stay_as_the_owner_writes_them(original: str) -> None:
    before = parse_image(original)
    for cause in ("not-found", "digest"):
        after = parse_image(injection(deployment(original), cause=cause).entry.image or "")
        assert before is not None and after is not None and after.name == before.name
    assert parse_image(injection(deployment(original), cause="invalid").entry.image or "") is None


def test_each_injection_has_a_tag_of_its_own() -> None:
    first, second = (injection(deployment(), cause="not-found", injection_id=i).entry for i in ("a", "b"))
    assert first.image != second.image


def test_unauthorized_takes_the_repository_that_the_user_names() -> None:
    entry = injection(deployment(), cause="unauthorized", repository="registry.corp/private/app").entry
    assert entry.image == "registry.corp/private/app:chaos-image-corrupt-id1"


def test_never_is_for_containers_that_are_never_pulled() -> None:
    assert injection(deployment(policy="Never"), cause="never").entry.image == (
        "quay.io:443/org/app:chaos-image-corrupt-id1"
    )
    with pytest.raises(Refused, match="needs a container with imagePullPolicy: Never; that of app is IfNotPresent"):
        injection(deployment(), cause="never")


def test_a_pull_that_is_never_tried_cannot_have_another_cause_which_is_a_warning() -> None:
    text = "imagePullPolicy is Never, so no pull is tried and the kubelet reports another cause than dns"
    assert text in injection(deployment(policy="Never"), cause="dns").warnings
    assert text not in injection(deployment(policy="Never")).warnings


def test_an_original_that_does_not_parse_gives_no_repository() -> None:
    with pytest.raises(Refused, match="'Not A Valid//Image::ref', is no image reference; name an image instead"):
        injection(deployment("Not A Valid//Image::ref"), cause="not-found")


def test_a_made_up_image_without_a_record_is_not_taken_for_an_original() -> None:
    after = patched(deployment(), {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "a"}]}}}})
    after["spec"]["template"]["spec"]["containers"][0]["image"] = "quay.io/app:chaos-image-corrupt-id0"
    with pytest.raises(Refused, match=r"has the corrupt image 'quay\.io/app:chaos-image-corrupt-id0' already"):
        injection(after)


def test_the_record_and_the_result_say_which_cause_is_meant() -> None:
    after = corrupted(deployment(), cause="digest")
    assert read_record(after)["app"].intended == "digest"
    assert injection_result(injection(deployment(), cause="digest"), after)["cause"] == "digest"


def test_the_default_image_means_dns_and_any_other_image_means_nothing() -> None:
    default, other = injection(deployment()), injection(deployment(), image="quay.io/other:1")
    assert (default.entry.cause, default.entry.intended, other.entry.intended) == ("", "dns", "")
    assert injection_result(default, deployment())["cause"] == "dns"
    assert injection_result(other, deployment())["cause"] is None


SLOW = ["10.1.2.3/app:v1", "10.1.2.3:5000/app", "[fd00::1]/app", "0.0.0.0/app"]


@pytest.mark.parametrize("image", SLOW)
def test_an_ip_address_that_may_never_answer_is_refused(image: str) -> None:
    why = "is an IP address that may never answer; then the pull hangs, and blocks every other pull of the node"
    with pytest.raises(Refused, match=re.escape(why)):
        injection(deployment(), image=image)
    assert injection(deployment(), image=image, allow_slow=True).entry.image == image


@pytest.mark.parametrize(
    "image",
    ["127.0.0.1:5999/app", "127.9.9.9/app", "[::1]:5000/app", "localhost/app", "r.invalid/app", "nginx", "a//b"],
)
def test_what_fails_at_once_is_taken(image: str) -> None:
    refuse_slow_image(image, ORIGINAL, allow_slow=False)


def test_the_registry_of_the_original_image_is_taken_whatever_its_address() -> None:
    refuse_slow_image("10.1.2.3:5000/other:v1", "10.1.2.3:5000/app:v1", allow_slow=False)
    with pytest.raises(Refused):
        refuse_slow_image("10.1.2.3:5001/other:v1", "10.1.2.3:5000/app:v1", allow_slow=False)


def test_a_repository_at_such_an_address_is_refused_too() -> None:
    with pytest.raises(Refused, match="is an IP address that may never answer"):
        injection(deployment(), cause="unauthorized", repository="10.1.2.3/private/app")
