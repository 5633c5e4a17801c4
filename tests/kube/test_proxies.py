"""Which proxy a host is reached through."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.proxies import environment_proxy, proxy_at
from chaosimagecorrupt.kube.settings import Settings

PROXY = "http://proxy.invalid:3128"


def asked(host: str, no_proxy: str) -> bool:
    """Whether the proxy of the environment is asked for an API server."""
    return environment_proxy(host, Settings(https_proxy=PROXY, no_proxy=no_proxy)) is not None


# golang.org/x/net/http/httpproxy, its documentation of NO_PROXY
@pytest.mark.parametrize(
    ("host", "no_proxy", "expected"),
    [
        ("https://api.shop.invalid", "", True),
        ("https://api.shop.invalid", "*", False),
        ("https://api.shop.invalid", " other.invalid , SHOP.invalid ", False),
        ("https://api.shop.invalid", "api.shop.invalid", False),
        ("https://api.shop.invalid", ".shop.invalid", False),
        ("https://api.shop.invalid", "*.shop.invalid", False),
        ("https://api.shop.invalid.", "shop.invalid", False),
        ("https://shop.invalid", ".shop.invalid", True),
        ("https://shop.invalid", "*.shop.invalid", True),
        ("https://workshop.invalid", "shop.invalid", True),
        ("https://api.shop.invalid:6443", "shop.invalid:6443", False),
        ("https://api.shop.invalid", "shop.invalid:6443", True),
        ("https://api.shop.invalid", "shop.invalid:443", False),
        ("https://10.0.0.7", "10.0.0.7", False),
        ("https://10.0.0.7:6443", "10.0.0.7:6443", False),
        ("https://10.0.0.7:6443", "10.0.0.7:443", True),
        ("https://10.0.0.7", "10.0.0.0/8", False),
        ("https://11.0.0.7", "10.0.0.0/8", True),
        ("https://10.0.0.7", "10.0.0.0/no", True),
        ("https://10.0.0.7", "0.0.7", True),
        ("https://api.shop.invalid", "10.0.0.0/8", True),
        ("https://[fd00::7]:6443", "fd00::/8", False),
        ("https://[fd00::7]:6443", "fd00::7", False),
        ("https://[fd00::7]:6443", "[fd00::7]:6443", False),
        ("https://[fd00::7]:6443", "[fd00::7]:443", True),
        ("https://127.0.0.1:6443", "", False),
        ("https://[::1]:6443", "", False),
        ("https://localhost:6443", "", False),
    ],
)
def test_the_proxy_of_the_environment_is_for_all_but(host: str, no_proxy: str, expected: bool) -> None:
    assert asked(host, no_proxy) is expected


@pytest.mark.parametrize(
    ("host", "expected"), [("http://c.invalid", "http://http.invalid"), ("https://c.invalid", PROXY)]
)
def test_each_scheme_has_its_proxy(host: str, expected: str) -> None:
    found = environment_proxy(host, Settings(https_proxy=PROXY, http_proxy="http.invalid"))
    assert found is not None and found.url == expected


def test_without_a_proxy_there_is_none() -> None:
    assert environment_proxy("https://c.invalid", Settings(http_proxy=PROXY)) is None


@pytest.mark.parametrize("url", ["socks5://me:pw@p.invalid:1", "socks5h://me:pw@p.invalid:1"])
def test_a_socks_proxy_resolves_names_and_gets_its_password_in_its_own_way(url: str) -> None:
    found = environment_proxy("https://c.invalid", Settings(https_proxy=url))
    assert found is not None and found.is_socks
    assert (found.url, found.authorization) == ("socks5h://me:pw@p.invalid:1", None)


def test_a_password_is_for_the_header_and_is_not_shown() -> None:
    found = proxy_at("http://me:p%40w@p.invalid")
    assert found.authorization == "Basic bWU6cEB3" and "p%40w" not in repr(found)


@pytest.mark.parametrize(
    "url", ["ftp://me:s3cr3t@p.invalid", "http://me:s3cr3t@[", "http://", "http://me:s3cr3t@p:99999"]
)
def test_what_is_no_proxy_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(Refused, match=r"the proxy for https://c.invalid cannot be used: .*; correct HTTPS_PROXY") as x:
        environment_proxy("https://c.invalid", Settings(https_proxy=url))
    assert "s3cr3t" not in str(x.value)
