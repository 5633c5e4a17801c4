"""The preflight of LimitRanges: which pods they refuse."""

import pytest

from chaosimagecorrupt.preflight.limit_ranges import check_limit_ranges
from chaosimagecorrupt.preflight.pod_resources import admitted

from .deployments import Object, sized

APP = {"requests": {"cpu": "500m"}, "limits": {"cpu": "1"}}


def limit_range(kind: str, **item: Object) -> Object:
    return {"metadata": {"name": "range"}, "spec": {"limits": [{"type": kind, **item}]}}


def texts(found: Object, *limit_ranges: Object) -> list[str]:
    return [c.text for c in check_limit_ranges(admitted(found, limit_ranges), limit_ranges) if c.level == "blocker"]


def test_without_a_limit_range_it_is_ok() -> None:
    (line,) = check_limit_ranges(admitted(sized(app=APP)), [])
    assert (line.level, line.text) == ("ok", "there is none")


REFUSED: list[tuple[Object, str | None]] = [
    ({"min": {"cpu": "500m"}}, None),
    ({"min": {"cpu": "501m"}}, "cpu request 500m is too small (min 501m)"),
    ({"min": {"memory": "1Mi"}}, "memory is not requested (min 1Mi)"),
    ({"max": {"cpu": "1"}}, None),
    ({"max": {"cpu": "999m"}}, "cpu limit 1 is too large (max 999m)"),
    ({"max": {"memory": "1Gi"}}, "memory is not limited (max 1Gi)"),
    ({"maxLimitRequestRatio": {"cpu": "2"}}, None),
    ({"maxLimitRequestRatio": {"cpu": "1900m"}}, "cpu limit 1 is too large for the request 500m"),
    ({"maxLimitRequestRatio": {"memory": "2"}}, "memory has no request or no limit above 0 (maxLimitRequestRatio 2)"),
]


@pytest.mark.parametrize(("item", "text"), REFUSED)
@pytest.mark.parametrize(("kind", "subject"), [("Container", "container app"), ("Pod", "the pod")])
def test_a_pod_that_is_refused_is_a_blocker(item: Object, text: str | None, kind: str, subject: str) -> None:
    found = texts(sized(app=APP), limit_range(kind, **item))
    assert len(found) == (text is not None)
    assert all(line.startswith(f"range refuses {subject}: {text}") for line in found)


def test_a_limit_below_the_minimum_and_a_request_above_the_maximum_are_refused() -> None:
    limited = sized(app={"requests": {"cpu": "2"}, "limits": {"cpu": "1"}})
    assert "cpu limit 1 is too small" in texts(limited, limit_range("Container", min={"cpu": "1500m"}))[0]
    assert "cpu request 2 is too large" in texts(limited, limit_range("Container", max={"cpu": "1500m"}))[0]


def test_a_pod_is_measured_as_a_whole_and_a_container_by_itself() -> None:
    found = sized(app=APP, proxy=APP)
    assert texts(found, limit_range("Container", max={"cpu": "1"})) == []
    assert len(texts(found, limit_range("Pod", max={"cpu": "1"}))) == 1


def test_init_containers_are_measured_too() -> None:
    found = sized(app=APP)
    heavy = {"name": "prepare", "resources": {"limits": {"cpu": "4"}}}
    found["spec"]["template"]["spec"]["initContainers"] = [heavy]
    assert "container prepare: cpu limit 4" in texts(found, limit_range("Container", max={"cpu": "1"}))[0]
    assert "the pod: cpu limit 4" in texts(found, limit_range("Pod", max={"cpu": "1"}))[0]


def test_defaults_are_measured_after_they_are_filled_in() -> None:
    filled = limit_range("Container", max={"memory": "1Gi"}, default={"memory": "1Gi"})
    assert texts(sized(app=APP), filled) == []


def test_a_default_limit_below_the_request_makes_the_pod_invalid() -> None:
    found = sized(app={"requests": {"memory": "2Gi"}})
    (text,) = texts(found, limit_range("Container", default={"memory": "1Gi"}))
    assert text.startswith("container app: memory request 2Gi is above the default limit 1Gi")


def test_limits_of_claims_do_not_concern_pods() -> None:
    assert texts(sized(app=APP), limit_range("PersistentVolumeClaim", max={"storage": "1Gi"})) == []
