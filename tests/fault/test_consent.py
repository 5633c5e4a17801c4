"""Who protects a Deployment, who allows it, and what a refusal says of the way to allow it."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.consent import (
    ALLOWED,
    PROTECTED,
    PROTECTED_NAMESPACES,
    REQUIRE_OPT_IN,
    Consent,
    ConsentSettings,
    check_allow_protected,
    check_consent,
    read_consent_settings,
)

from ..manifests import a_deployment, injection

OPT_IN = ConsentSettings(opt_in_required=True)


def a_namespace(**metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": "shop", **metadata}}


def refusal(deployment: Any, **consent: Any) -> str:
    with pytest.raises(Refused) as refused:
        check_consent(deployment, Consent(**consent))
    assert str(refused.value).isprintable()
    return str(refused.value)


def test_a_deployment_without_marks_is_allowed_without_a_warning() -> None:
    assert check_consent(a_deployment(), Consent(namespace=a_namespace())) == []


@pytest.mark.parametrize("namespace", ["kube-system", "kube-public", "kube-node-lease", "openshift", "openshift-dns"])
def test_the_clusters_own_namespaces_are_refused_with_the_way_to_allow_it(namespace: str) -> None:
    text = refusal(a_deployment(namespace=namespace))
    assert f"Deployment {namespace}/web is in a namespace of the cluster itself" in text
    assert text.endswith("allow_protected: true allows it")
    assert check_consent(a_deployment(namespace=namespace), Consent(allow_protected=True)) == []


@pytest.mark.parametrize("namespace", ["kube", "kubernetes-dashboard", "my-kube-system", "my-openshift"])
def test_a_namespace_whose_name_only_resembles_them_is_allowed(namespace: str) -> None:
    assert check_consent(a_deployment(namespace=namespace), Consent()) == []


def test_a_namespace_that_the_environment_adds_is_refused_with_the_variable() -> None:
    settings = read_consent_settings({PROTECTED_NAMESPACES: "prod-*, shop ,"})
    text = refusal(a_deployment(), settings=settings)
    assert f"a protected namespace (shop of {PROTECTED_NAMESPACES}); allow_protected: true" in text
    assert settings.patterns == ("kube-*", "openshift*", "prod-*", "shop")


@pytest.mark.parametrize("pattern", ["Prod", "a b", "[a-z]*", "a.b", "a/b", "\x1b"])
def test_a_pattern_that_can_match_no_namespace_is_refused(pattern: str) -> None:
    with pytest.raises(Refused, match=f"^{PROTECTED_NAMESPACES}: .* can match no namespace") as refused:
        read_consent_settings({PROTECTED_NAMESPACES: f"ok,{pattern}"})
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("value", ["yes", "True", "1"])
def test_an_opt_in_that_is_neither_true_nor_false_is_refused(value: str) -> None:
    with pytest.raises(Refused, match=f"^{REQUIRE_OPT_IN}: '{value}' is neither true nor false"):
        read_consent_settings({REQUIRE_OPT_IN: value})


@pytest.mark.parametrize(("value", "required"), [("true", True), ("false", False), ("", False)])
def test_an_opt_in_is_required_when_the_environment_says_so(value: str, required: bool) -> None:
    assert read_consent_settings({REQUIRE_OPT_IN: value}).opt_in_required is required
    assert read_consent_settings({}) == ConsentSettings()


@pytest.mark.parametrize("field", ["labels", "annotations"])
@pytest.mark.parametrize("allow_protected", [False, True])
def test_an_owners_mark_is_never_overridden(field: str, allow_protected: bool) -> None:
    marks: Any = {field: {PROTECTED: "true"}}
    text = refusal(a_deployment(**marks), allow_protected=allow_protected)
    assert f'the {field[:-1]} {PROTECTED}: "true" on Deployment shop/web' in text and "ask the owner" in text
    text = refusal(a_deployment(), namespace=a_namespace(**marks), allow_protected=allow_protected)
    assert f'the {field[:-1]} {PROTECTED}: "true" on Namespace shop' in text


@pytest.mark.parametrize("field", ["labels", "annotations"])
@pytest.mark.parametrize("key", [PROTECTED, ALLOWED])
@pytest.mark.parametrize("value", ["True", "yes", "", "false"])
def test_another_value_of_a_mark_does_not_count_and_is_a_warning(field: str, key: str, value: str) -> None:
    marks: Any = {field: {key: value}}
    found = [
        *check_consent(a_deployment(**marks), Consent()),
        *check_consent(a_deployment(), Consent(namespace=a_namespace(**marks))),
    ]
    assert [w.partition(" on ")[0] for w in found] == [f'the {field[:-1]} {key}: "{value}"'] * 2
    assert all('only the value "true" does' in w for w in found)


def test_what_is_not_marked_as_allowed_is_refused_where_that_is_required() -> None:
    text = refusal(a_deployment(annotations={ALLOWED: "yes"}), settings=OPT_IN, namespace=a_namespace())
    assert f'{REQUIRE_OPT_IN}=true requires that it is: set {ALLOWED}: "true" on it or on its namespace' in text


@pytest.mark.parametrize("field", ["labels", "annotations"])
def test_the_deployment_or_its_namespace_may_be_marked_as_allowed(field: str) -> None:
    marks: Any = {field: {ALLOWED: "true"}}
    assert check_consent(a_deployment(**marks), Consent(OPT_IN, namespace=a_namespace())) == []
    assert check_consent(a_deployment(), Consent(OPT_IN, namespace=a_namespace(**marks))) == []


def test_allowed_does_not_override_protected() -> None:
    marks = {ALLOWED: "true"}
    assert "is protected by its owner" in refusal(a_deployment(labels=marks, annotations={PROTECTED: "true"}))
    assert "a namespace of the cluster itself" in refusal(a_deployment(namespace="kube-system", labels=marks))


def test_a_namespace_that_cannot_be_read_is_a_warning_and_refused_where_an_opt_in_is_required() -> None:
    why = "may not get namespaces"
    [warning] = check_consent(a_deployment(), Consent(unreadable=why))
    assert warning.endswith(why)
    assert refusal(a_deployment(), settings=OPT_IN, unreadable=why).endswith(why)


@pytest.mark.parametrize("value", ["false", "true", 1, None])
def test_allow_protected_that_is_no_boolean_is_refused(value: object) -> None:
    with pytest.raises(Refused, match=r"^allow_protected: must be true or false"):
        check_allow_protected(value)


def test_a_plan_has_the_warnings_and_a_mark_of_the_deployment_refuses_it() -> None:
    assert any('"yes"' in w for w in injection(a_deployment(labels={PROTECTED: "yes"})).warnings)
    with pytest.raises(Refused, match="is protected by its owner"):
        injection(a_deployment(labels={PROTECTED: "true"}))
