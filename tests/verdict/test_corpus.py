"""Each journal of the corpus has its verdict and its reasons, and judging it again changes nothing."""

import json
import os
from typing import Any

import pytest

from chaosimagecorrupt.verdict import JOURNAL_KEY
from chaosimagecorrupt.verdict.judge_again import judge_again

from ..corpus import FOLDER, SCENARIOS, journal_of, judged_again, written

UPDATE = "UPDATE_VERDICTS" in os.environ

Json = dict[str, Any]

EXPECTED: dict[str, tuple[str, list[str]]] = {
    "api-server-away-before": (
        "Inconclusive",
        [
            "shop/web: the steady state before the fault could not be read, because the API server "
            "could not be reached: pods-are-ready raised Unreachable: not reachable",
        ],
    ),
    "fail-fast": (
        "Inconclusive",
        [
            "shop/web: the method ended early, as by --fail-fast: activities that were not run: 3",
            "shop/web: the steady state was not met during the method in 1 of 20 checks: "
            "checkout-works answered 1, expected 0",
        ],
    ),
    "hypothesis-not-met-after": (
        "Failed",
        [
            "shop/web: the steady state was not met after the method: checkout-works answered 1, expected 0",
        ],
    ),
    "hypothesis-not-met-before": (
        "Inconclusive",
        [
            "shop/web: the steady state was not met before the fault: checkout-works answered 1, expected 0",
        ],
    ),
    "hypothesis-not-met-during": (
        "Degraded",
        [
            "shop/web: the steady state was not met during the method in 3 of 40 checks: "
            "checkout-works answered 1, expected 0",
        ],
    ),
    "hypothesis-not-read-after": (
        "Inconclusive",
        [
            "shop/web: the steady state after the method could not be checked: checkout-works "
            "raised OSError: no route to host",
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "interrupted": (
        "Inconclusive",
        [
            "shop/web: the run was interrupted before the end of its method",
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "min-ready-seconds": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 60 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "not-restored": (
        "Failed",
        [
            "shop/web: it is not restored: the role does not allow to patch Deployments",
        ],
    ),
    "operator-absent": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
            "shop/web: it is not known whether an operator reports the degradation: Shop main does not exist",
        ],
    ),
    "own-thresholds": (
        "Degraded",
        [
            "shop/web: recovered slowly: 30 s after the restore, expected at most 20 s",
        ],
    ),
    "recording-deadline": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "recording-quota": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: no pod could be created: FailedCreate: pods "
            '"web-7c6847bf7b-98kp2" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
        ],
    ),
    "recording-recreate": (
        "Degraded",
        [
            "shop/web: ready pods lost: 2; 0 of 2 were ready at the lowest",
        ],
    ),
    "recording-reverted-by-operator": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "recording-rolling-update": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "recording-whitespace-image": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: no pod could be created: FailedCreate: Pod "
            '"web-77999f8f9b-jsrtz" is invalid: spec.containers[0].image: Invalid value: " lead": '
            "must not have leading or trailing whitespace",
        ],
    ),
    "recording-zero-replicas": (
        "Inconclusive",
        [
            "shop/web: the Deployment was not complete before the fault, so its recovery cannot be judged",
        ],
    ),
    "run-cause-digest": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-cause-dns": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-cause-hanging": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: Pod web-69df9c894f-dm5tf: nothing has come of its "
            "pull for 33 s: it hangs, or waits for one that does, since a pull that hangs blocks every other pull of "
            "its node",
        ],
    ),
    "run-cause-invalid": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-cause-never": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-cause-not-as-intended": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
            "shop/web: the image of app could not be pulled for another cause: not found, not unauthorized",
        ],
    ),
    "run-cause-not-found": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-cause-unauthorized": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-created-again": (
        "Inconclusive",
        [
            "shop/web: deleted and created again by ci at 2026-11-26T01:54:28Z, with app "
            "registry.k8s.io/pause:3.9, 2.3 s after the corruption; that rollout completed after 0.4 s",
        ],
    ),
    "run-deviated": (
        "Failed",
        [
            "shop/web: the steady state was not met after the method: checkout-works answered "
            '{"status": 1, "stdout": "", "stderr": ""}, expected 0',
        ],
    ),
    "run-dry": (
        "Inconclusive",
        [
            "nothing was injected: this was a dry run of Chaos Toolkit (actions)",
        ],
    ),
    "run-fail-fast": (
        "Inconclusive",
        [
            "shop/web: the method ended early, as by --fail-fast: activities that were not run: 8",
            "shop/web: the steady state was not met during the method in 1 of 9 checks: "
            'checkout-works answered {"status": 1, "stdout": "", "stderr": ""}, expected 0',
        ],
    ),
    "run-healed-by-owner": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and "
            "the Deployment recovered 0.1 s after the restore",
            "shop/web: shop-operator put the original image back 0.5 s after the corruption, after a pod had "
            "tried to pull the corrupt one",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-interrupted": (
        "Inconclusive",
        [
            "shop/web: the run was interrupted before the end of its method",
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-no-proof": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: no pod was observed that could not pull the image",
        ],
    ),
    "run-operator-absent": (
        "Resilient",
        [
            "cert-manager/cert-manager: the fault took effect, 1 of 1 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "cert-manager/cert-manager: no pod had to start, so nothing shows that the original image can be pulled",
            "cert-manager/cert-manager: it is not known whether an operator reports the degradation: "
            "CertManager cluster: api_version: https://127.0.0.1:37987 does not serve "
            "operator.openshift.io/v1alpha1; is its CRD installed?",
        ],
    ),
    "run-operator-silent": (
        "Degraded",
        [
            "shop/web: the degradation was not reported: KnativeServing shop did not write its status within 6 s:"
            " still Ready=True",
        ],
    ),
    "run-policy": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: no pod could be created: FailedCreate: pods "
            '"web-5f5fcb9f55-9wg25" is forbidden: violates PodSecurity "restricted:latest": '
            'allowPrivilegeEscalation != false (container "app" must set '
            'securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "app" must set'
            ' securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "app" must set '
            "securityContext.runAsNonRoot=true), seccompProfile (pod …",
        ],
    ),
    "run-quota": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: no pod could be created: FailedCreate: pods "
            '"web-5f5fcb9f55-qkzzc" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, '
            "limited: pods=2",
        ],
    ),
    "run-recreate": (
        "Degraded",
        [
            "shop/web: ready pods lost: 2; 0 of 2 were ready at the lowest",
        ],
    ),
    "run-resilient": (
        "Resilient",
        [
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and the "
            "Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-safeguard": (
        "Failed",
        [
            "shop/web: the safeguard error-rate ended the run at 2026-11-25T21:38:47.538265Z: it "
            'answered {"status": 1, "stdout": "", "stderr": ""}, expected 0',
        ],
    ),
    "run-scaled-to-0": (
        "Inconclusive",
        [
            "shop/web: scaled to 0 replicas by keda at 2026-11-26T01:54:28Z, 2.6 s after the corruption; so no "
            "pod shows a recovery",
        ],
    ),
    "run-superseded": (
        "Inconclusive",
        [
            "shop/web: superseded: the image of app was set to registry.k8s.io/pause:3.9 by ci at "
            "2026-11-26T01:54:26Z, 1.1 s after the corruption; that rollout completed after 0.6 s",
        ],
    ),
    "run-undone-elsewhere": (
        "Inconclusive",
        [
            "shop/web: the fault was undone before the run's own restore, 1 s after the injection, by another "
            "run, by chaos image-corrupt, or by a guard that was stopped",
            "shop/web: the fault took effect, 2 of 2 pods stayed ready, and "
            "the Deployment recovered 0.1 s after the restore",
            "shop/web: no pod had to start, so nothing shows that the original image can be pulled",
        ],
    ),
    "run-webhook": (
        "Inconclusive",
        [
            "shop/web: there is no proof that the fault took effect: no pod could be created: FailedCreate: admission "
            'webhook "images.example.com" denied the request: images must come from registry.example.com',
        ],
    ),
    "safeguard": (
        "Failed",
        [
            "shop/web: the safeguard error-rate ended the run at 2026-11-22T15:01:20Z: it answered "
            "0.4, expected [0, 0.1]",
        ],
    ),
}


def read(name: str) -> Json:
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


@pytest.fixture(scope="module", autouse=True)
def updated() -> None:
    """Write the files first, if that is wanted."""
    if not UPDATE:
        return
    for name in SCENARIOS:
        (FOLDER / f"{name}.json").write_text(written(journal_of(name)))
    for path in FOLDER.glob("*.json"):
        path.write_text(written(judged_again(json.loads(path.read_text()))))


def test_every_journal_has_its_verdict() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in FOLDER.glob("*.json"))
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict_and_its_reasons(name: str) -> None:
    section = read(name)[JOURNAL_KEY]
    assert (section["verdict"], section["reasons"]) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_judging_again_changes_nothing(name: str) -> None:
    assert [judge_again(target).differences for target in read(name)[JOURNAL_KEY]["targets"]] in ([], [[]])


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_judged_as_in_its_file(name: str) -> None:
    assert journal_of(name) == read(name)
