"""Each journal of the corpus makes a report, in every format; and the page says first what is to be seen first."""

import pytest

from chaosimagecorrupt.report import FORMATS, read_journal, read_report, render_report
from chaosimagecorrupt.report.read import read_run
from tests.corpus import FOLDER

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_it_makes_a_report(name: str, form: str) -> None:
    report = read_report([FOLDER / f"{name}.json"])
    assert report.runs[0].title in render_report(report, form)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("recording-quota", 'ReplicaFailure: pods "web-7c6847bf7b-98kp2" is forbidden: exceeded quota: q, '),
        ("recording-whitespace-image", 'ReplicaFailure: Pod "web-77999f8f9b-jsrtz" is invalid: spec.containers[0].'),
        ("run-policy", 'ReplicaFailure: pods "web-5f5fcb9f55-9wg25" is forbidden: violates PodSecurity '),
        ("run-webhook", 'ReplicaFailure: admission webhook "images.example.com" denied the request: images must '),
        ("run-no-proof", "a pod with the corrupt image became ready: the image can be pulled"),
        ("not-restored", "it is not restored: the role does not allow to patch Deployments"),
        ("run-recreate", "ready pods lost: 2; 0 of 2 were ready at the lowest"),
        ("run-scaled-to-0", "scaled to 0 replicas by keda "),
        ("run-resilient", ""),
    ],
)
def test_the_cause_comes_first(name: str, beginning: str) -> None:
    (target,) = read_run(read_journal(FOLDER / f"{name}.json")).targets
    assert target.headline.startswith(beginning)
    assert bool(target.headline) == bool(beginning)
