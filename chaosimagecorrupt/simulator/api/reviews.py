"""Access reviews, rules reviews and token requests, which store nothing."""

from collections.abc import Callable

from ..store import Store
from ..timestamps import timestamp
from ..types import Object
from .authentication import Authenticator
from .errors import bad_request, not_found
from .rbac import Attributes, allowed, rules_of
from .request import User
from .routing import Target

__all__ = ["REVIEWS", "token_request"]

AUTHORIZATION = "authorization.k8s.io"
AUTHENTICATION = "authentication.k8s.io"


def _access(store: Store, user: User, review: Object) -> Object:
    spec = review.get("spec") or {}
    resource, other = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if (resource is None) == (other is None):
        raise bad_request("exactly one of nonResourceAttributes or resourceAttributes must be specified")
    if other is not None:
        asked = Attributes(other.get("verb", ""), path=other.get("path", ""))
    else:
        members = ("verb", "group", "resource", "subresource", "namespace", "name")
        asked = Attributes(**{member: (resource or {}).get(member, "") for member in members})
    may = allowed(store, user, asked)
    return {**review, "status": {"allowed": may}}


def _rules(store: Store, user: User, review: Object) -> Object:
    namespace = (review.get("spec") or {}).get("namespace", "")
    if not namespace:
        raise bad_request("no namespace on request")
    rules = list(rules_of(store, user, namespace))
    status = {
        "resourceRules": [rule for rule in rules if not rule.get("nonResourceURLs")],
        "nonResourceRules": [
            {"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]}
            for rule in rules
            if rule.get("nonResourceURLs")
        ],
        "incomplete": False,
    }
    return {**review, "status": status}


def _self(store: Store, user: User, review: Object) -> Object:
    who: Object = {"username": user.name, "groups": list(user.groups)}
    if user.uid:
        who["uid"] = user.uid
    return {**review, "status": {"userInfo": who}}


# The reviews by group and resource: their kind, and what answers them
REVIEWS: dict[tuple[str, str], tuple[str, Callable[[Store, User, Object], Object]]] = {
    (AUTHORIZATION, "selfsubjectaccessreviews"): ("SelfSubjectAccessReview", _access),
    (AUTHORIZATION, "selfsubjectrulesreviews"): ("SelfSubjectRulesReview", _rules),
    (AUTHENTICATION, "selfsubjectreviews"): ("SelfSubjectReview", _self),
}


def token_request(store: Store, tokens: Authenticator, target: Target, body: Object) -> Object:
    """Return a TokenRequest with a token of a service account.

    Args:
        store: the objects.
        tokens: gives out the token.
        target: the service account.
        body: the TokenRequest.

    Raises:
        ApiError: 404 when there is no such service account.
    """
    seconds = float((body.get("spec") or {}).get("expirationSeconds") or 3600)
    try:
        token = tokens.account_token(target.namespace, target.name, seconds)
    except KeyError as error:
        raise not_found(target.resource, target.name) from error
    status = {"token": token, "expirationTimestamp": timestamp(store.now() + seconds)}
    head = {"kind": "TokenRequest", "apiVersion": f"{AUTHENTICATION}/v1"}
    return {**head, "metadata": {}, "spec": body.get("spec") or {}, "status": status}
