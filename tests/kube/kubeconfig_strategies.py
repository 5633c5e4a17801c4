"""What hypothesis makes of kubeconfigs: right ones, in which one thing is missing, empty, of another type or odd."""

import json
from typing import Any

import yaml
from hypothesis import strategies as st

from .configured import AUTHORITY, EXEC, PEM, SECRET

__all__ = ["kubeconfigs"]

Strategy = st.SearchStrategy[Any]

_odd = st.one_of(
    st.sampled_from(
        [None, "", " ", "\x00", "a\nb", "\ud800", "é€", "~", "=", 0, -1, float("nan"), True, [], {}, [None]]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.dates(),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=2)
        ),
        max_leaves=4,
    ),
)


def _map(must: dict[str, Strategy], may: dict[str, Strategy], most: int = 3, odd: Strategy = _odd) -> Strategy:
    """A map with some of these fields; in half of them one is odd."""
    fields = {**must, **may}
    right = st.lists(st.sampled_from(sorted(may)), max_size=most, unique=True).flatmap(
        lambda keys: st.fixed_dictionaries({**must, **{key: may[key] for key in keys}})
    )
    return right | st.builds(
        lambda entry, key, value: {**entry, key: value}, right, st.sampled_from(sorted(fields)), odd
    )


def _of(*values: Any) -> Strategy:
    return st.sampled_from(values)


_files = _of("/", "missing", "/dev/null", "kubeconfig", "a" * 300, "\x00")
_credential = _map(
    {"token": _of("t", f"{SECRET}\r\n", "é")},
    {
        "clientCertificateData": _of("-----BEGIN CERTIFICATE-----", "x"),
        "clientKeyData": _of("-----BEGIN PRIVATE KEY-----", "x"),
        "expirationTimestamp": _of("2020-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
    },
)
_output = _map({"apiVersion": _of(EXEC), "kind": _of("ExecCredential"), "status": _credential}, {"spec": _of({})})
_exec = _map(
    {
        "command": _of("echo"),  # a command that does no harm whatever it is given
        "apiVersion": _of(EXEC),
        "interactiveMode": _of("Never"),
        "args": st.builds(lambda output: [json.dumps(output, default=str)], _output),
    },
    {
        "env": st.lists(_map({"name": _of("A", "A=B")}, {"value": _of(SECRET, "\x00")}), max_size=2),
        "installHint": _of("get it\n\x1b[1m"),
        "provideClusterInfo": _of(True),
    },
    odd=_odd.filter(lambda value: not isinstance(value, str) or not value.isascii() or not value.isprintable()),
)
_cluster = _map(
    # nobody listens there
    {"server": _of("https://127.0.0.1:1", "http://127.0.0.1:1")},
    {
        "server": _of(
            "https://[::1]:1/a?b#c", "https://.a", "https://@a", "https://a..b", "HTTPS://127.0.0.1:1", "https://["
        ),
        "certificate-authority": _files,
        "certificate-authority-data": _of(PEM, PEM[:-3], "%%%", AUTHORITY.cert_pem.bytes().hex()),
        "insecure-skip-tls-verify": _of(True, False),
        "tls-server-name": _of("a.invalid", ".a", "a..b", "*", "a" * 64),
        "proxy-url": _of(
            *("http://127.0.0.1:1", "socks5://127.0.0.1:1", f"https://me:{SECRET}@127.0.0.1:1", "x", "http://"),
            *(f"socks5://me:{SECRET}@127.0.0.1:1", f"http://{SECRET}%zz:@127.0.0.1:1", "http://[", "http://a:b"),
        ),
        "disable-compression": _of(True),
        "extensions": _of([{"name": "client.authentication.k8s.io/exec", "extension": {"a": 1}}], [None], {"a": 1}),
    },
)
_user = _map(
    {},
    {
        "token": _of(SECRET, f"{SECRET}\r\nX: y", f"{SECRET}€"),
        "tokenFile": _files,
        "username": _of("me", "m€", "\ud800"),
        "password": _of(SECRET, f"{SECRET}€", "\ud800"),
        "client-certificate": _files,
        "client-certificate-data": _of(PEM),
        "client-key": _files,
        "client-key-data": _of(PEM),
        "exec": _exec,
        "auth-provider": _map({"name": _of("gcp", "oidc", "x")}, {"config": _of({"id-token": SECRET})}),
        "as": _of("jane", "\ud800", "é"),
        "as-uid": _of("7"),
        "as-groups": st.lists(_of("a", "b, c", None, "\n"), max_size=3),
        "as-user-extra": st.dictionaries(_of("a/b", "\ud800", "", "é"), _of(["x"], ["x", ""], None), max_size=2),
    },
) | st.builds(lambda plugin: {"exec": plugin}, _exec)


def _named(kind: str, entry: Strategy) -> Strategy:
    return st.builds(lambda named: [named], _map({"name": _of("x"), kind: entry}, {"other": _odd}))


def _config(cluster: Any, user: Any) -> dict[str, Any]:
    return {
        "clusters": [{"name": "x", "cluster": cluster}],
        "users": [{"name": "x", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
        "current-context": "x",
    }


_right_cluster = _of({"server": "http://127.0.0.1:1"}, {"server": "https://127.0.0.1:1"})
_odd_frame = _map(
    {
        "clusters": _named("cluster", _right_cluster),
        "users": _named("user", _of({"token": SECRET}, None)),
        "contexts": _named("context", _map({"cluster": _of("x"), "user": _of("x")}, {"namespace": _of("shop")})),
        "current-context": _of("x"),
    },
    {"kind": _of("Config"), "apiVersion": _of("v1"), "preferences": _odd},
)
_configs = st.one_of(
    st.builds(_config, _right_cluster, _user),
    st.builds(_config, _cluster, _of({"token": SECRET}, None)),
    st.builds(_config, _cluster, _user),
    _odd_frame,
)


def _cut(text: bytes, at: int, between: bytes) -> bytes:
    return text[: at % (len(text) + 1)] + between + text[at % (len(text) + 1) :]


_texts = st.builds(lambda config: yaml.safe_dump(config).encode(), _configs)
_cut_texts = st.builds(_cut, _texts, st.integers(0, 2000), st.binary(max_size=4))
_others = st.binary(max_size=40) | st.builds(lambda value: yaml.safe_dump(value).encode(), _odd)
kubeconfigs = st.one_of(_texts, _texts, _texts, _cut_texts | _others)
