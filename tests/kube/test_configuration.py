"""Which cluster is reached, by which configuration."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.client import Configuration

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ClusterError, Refused, Unreachable
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.probes import deployment_available, image_corrupted, pods_ready, resource_condition
from chaosimagecorrupt.rollbacks import restore_image

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import NS, Shop
from ..servers import Proxy, Scripted, answer, status
from .configured import (
    AUTHORITY,
    EXEC,
    GET,
    SECRET,
    address,
    everything,
    kubeconfig,
    plugin,
    tls,
    tls_for_known,
    with_certificates,
)

pytestmark = pytest.mark.usefixtures("nothing_configured")

SKIP_VERIFY: dict[str, Any] = {"insecure-skip-tls-verify": True}


# Which cluster


def test_an_endpoint_in_secrets_beats_kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://kubeconfig.invalid")))
    with Scripted(answer({"kind": "Deployment"})) as server:
        secrets = {"KUBERNETES_HOST": server.url, "KUBERNETES_API_KEY": SECRET}
        assert connect(secrets).send(GET) == {"kind": "Deployment"}
        assert server.header("Authorization") == f"Bearer {SECRET}"


def test_kubeconfig_beats_an_endpoint_in_the_environment_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://kubeconfig.invalid")))
    monkeypatch.setenv("KUBERNETES_HOST", "https://env.invalid")
    assert address() == "https://kubeconfig.invalid"
    assert "KUBERNETES_HOST of the environment is not used" in log.text


def test_an_endpoint_in_the_environment_is_used_without_a_kubeconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_HOST", "https://env.invalid/")
    assert address() == "https://env.invalid"


def test_the_home_kubeconfig_is_found(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    kubeconfig(tmp_path / ".kube/config", "https://home.invalid")
    assert address() == "https://home.invalid"


def test_files_that_are_all_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/no/such/a:/no/such/b")
    with pytest.raises(Refused, match="KUBECONFIG names /no/such/a:/no/such/b, which does not exist"):
        connect()


def test_without_any_configuration_it_is_said_what_was_looked_for() -> None:
    with pytest.raises(Refused, match=r"no cluster is configured: there is no ~/.kube/config"):
        connect()


def test_inside_a_pod_the_service_account_is_found(pod: Path, shop: Shop) -> None:
    assert deployment_available(shop.name, NS) is True


def test_inside_a_pod_with_a_broken_service_account_it_is_said(pod: Path) -> None:
    (pod / "ca.crt").unlink()
    with pytest.raises(Refused, match="Service certification file does not exist"):
        connect()


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ({"KUBERNETES_HOST": "c.invalid:6443"}, "'c.invalid:6443' must start with https://"),
        ({"KUBERNETES_HOST": "https://"}, "is no address"),
        ({"KUBERNETES_HOST": "https://c.invalid:99999"}, "is no address"),
        ({"KUBERNETES_HOST": "https://[::1"}, "is no address"),
        ({"KUBERNETES_HOST": f"https://me:{SECRET}@c.invalid"}, "KUBERNETES_USERNAME"),
        ({"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_CERT_FILE": "/no/c"}, "KUBERNETES_CERT_FILE:.* /no/c"),
        ({"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_KEY_FILE": "/no/k"}, "KUBERNETES_KEY_FILE:.* /no/k"),
        ({"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_CA_CERT_FILE": "/no"}, "KUBERNETES_CA_CERT_FILE:.* /no"),
        (
            {"KUBERNETES_HOST": "https://c.invalid", "KUBERNETES_VERIFY_SSL": "maybe"},
            "'maybe' is neither true nor false",
        ),
    ],
)
def test_a_broken_endpoint_is_one_clear_refusal(secrets: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        connect(secrets)
    assert SECRET not in everything(refused.value)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")  # it is what is asked for
@pytest.mark.parametrize("where", ["secrets", "kubeconfig"])
def test_tls_that_is_switched_off_warns(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    with Scripted(answer(), tls=tls()) as server:
        secrets = {"KUBERNETES_HOST": server.url, "KUBERNETES_VERIFY_SSL": "false"}
        path = kubeconfig(tmp_path / "c", server.url, **SKIP_VERIFY)
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect(secrets if where == "secrets" else None).send(GET) == {}
    assert f"TLS: the certificate of {server.url} is not verified" in log.text


def test_tls_can_be_switched_on_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls()) as server:
        path = kubeconfig(tmp_path / "c", server.url, **SKIP_VERIFY)
        monkeypatch.setenv("KUBECONFIG", str(path))
        with pytest.raises(Unreachable, match="certificate verify failed"):
            connect({"KUBERNETES_VERIFY_SSL": "true"}).send(GET)


def test_the_servers_certificate_may_be_for_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY, "api.invalid")) as server:
        named = {"tls-server-name": "api.invalid"}
        path = with_certificates(tmp_path, server.url, AUTHORITY, as_data=True, **named)
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect().send(GET) == {}


def test_the_proxy_of_the_kubeconfig_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server, Proxy(server.url, tunnel=True) as proxy:
        asked = {"proxy-url": proxy.url}
        path = with_certificates(tmp_path, server.url, AUTHORITY, as_data=True, **asked)
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect().send(GET) == {}
        assert proxy.opened == 1


def test_a_socks_proxy_is_asked_and_resolves_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY, "api.invalid")) as server, Proxy(server.url, socks=True) as p:
        path = with_certificates(tmp_path, "https://api.invalid:443", AUTHORITY, as_data=True, **{"proxy-url": p.url})
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect().send(GET) == {}
        assert p.asked == [b"\x05\x01\x00\x03\x0bapi.invalid" + (443).to_bytes(2)]


@pytest.mark.parametrize("where", ["kubeconfig", "environment"])
def test_a_socks_proxy_without_pysocks_says_what_to_install(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)  # as if it were not installed
    asked = {"proxy-url": f"socks5://me:{SECRET}@127.0.0.1:1"} if where == "kubeconfig" else {}
    if not asked:
        monkeypatch.setenv("HTTPS_PROXY", f"socks5h://me:{SECRET}@127.0.0.1:1")
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://c.invalid", **asked)))
    with pytest.raises(Refused, match=r"pip install 'chaostoolkit-image-corrupt\[socks\]'") as refused:
        connect()
    assert SECRET not in everything(refused.value)


@pytest.mark.parametrize("address", ["ftp://me:{}@127.0.0.1:1", "http://me:{}@[", "me:{}@127.0.0.1:99999"])
def test_a_proxy_of_the_environment_that_is_none_is_one_clear_refusal(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://c.invalid")))
    monkeypatch.setenv("HTTPS_PROXY", address.format(SECRET))
    with pytest.raises(Refused, match=r"the proxy for https://c.invalid cannot be used: .*; correct HTTPS_PROXY") as x:
        connect()
    assert SECRET not in everything(x.value)


def test_no_proxy_is_not_about_the_proxy_of_the_kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server, Proxy(server.url, tunnel=True) as proxy:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        asked = {"proxy-url": proxy.url}
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=True, **asked)))
        assert connect().send(GET) == {}
        assert proxy.opened == 1


def test_the_password_of_a_proxy_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server, Proxy(server.url, tunnel=True) as proxy:
        asked = {"proxy-url": proxy.url.replace("//", "//me:p%40w@")}
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=True, **asked)))
        assert connect().send(GET) == {}
        assert b"proxy-authorization: Basic bWU6cEB3" in proxy.asked[0]


def test_the_proxy_of_the_environment_is_asked_with_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        Scripted(answer(), tls=tls_for_known(AUTHORITY, "api.invalid")) as server,
        Proxy(server.url, tunnel=True) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//me:pw@"))
        path = with_certificates(tmp_path, "https://api.invalid", AUTHORITY, as_data=True)
        monkeypatch.setenv("KUBECONFIG", str(path))
        assert connect().send(GET) == {}
        assert b"CONNECT api.invalid:443" in proxy.asked[0] and b"Basic bWU6cHc=" in proxy.asked[0]


def test_an_api_server_on_this_machine_is_reached_without_the_proxy_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted(answer(), tls=tls_for_known(AUTHORITY)) as server, Proxy(server.url, tunnel=True) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("KUBECONFIG", str(with_certificates(tmp_path, server.url, AUTHORITY, as_data=True)))
        assert connect().send(GET) == {}
        assert proxy.opened == 0


# One client, one connection


def test_all_activities_share_one_kept_alive_connection(
    shop: Shop, simulator: FaultySimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = yaml.safe_load(simulator.kubeconfig.read_text())
    shop.second_after_patches()
    with Proxy(simulator.url) as proxy:
        config["clusters"][0]["cluster"]["server"] = proxy.url
        (tmp_path / "c").write_text(yaml.safe_dump(config))
        monkeypatch.setenv("KUBECONFIG", str(tmp_path / "c"))
        corrupt_image(shop.name, NS, guard=False)
        assert [image_corrupted(shop.name, NS), pods_ready(shop.name, NS, secrets={})] == [True, False]
        restore_image(shop.name, NS, clean_history=False)
        assert resource_condition("apps/v1", "Deployment", shop.name, "Available", ns=NS) is True
        assert proxy.opened == 1


def test_threads_that_come_at_once_share_one_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path / "plugin", "sleep 0.1")  # so that all have come before the first is done
    user = {"exec": {"command": "./plugin", "apiVersion": EXEC, "interactiveMode": "Never"}}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://shared.invalid", user=user)))
    found: list[Cluster] = []
    barrier = threading.Barrier(8)

    def come() -> None:
        barrier.wait()
        found.append(connect())

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_other_settings_get_another_client() -> None:
    host = {"KUBERNETES_HOST": "https://other.invalid"}
    assert connect(host) is connect(dict(host)) is not connect({**host, "KUBERNETES_API_KEY": "t"})


def test_the_process_wide_default_of_other_extensions_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "c", "https://mine.invalid")))
    connect()
    assert Configuration.get_default_copy().host != "https://mine.invalid"


# What is imported

IMPORTS = """
import sys
from chaosimagecorrupt import actions, probes, rollbacks
name, ns = sys.argv[1:]
actions.corrupt_image(name, ns, guard=False)
probes.image_pull_failing(name, ns, timeout=0)
probes.resource_condition("apps/v1", "Deployment", name, "Available", ns=ns, timeout=1)
rollbacks.restore_image(name, ns, clean_history=False)
print(*(m for m in sorted(sys.modules) if m.partition(".")[0] in ("kubernetes", "requests")))
"""


def test_the_kubernetes_package_is_not_imported_for_a_kubeconfig(shop: Shop, simulator: FaultySimulator) -> None:
    shop.second_after_patches()
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTS, shop.name, NS],
        env={**os.environ, "KUBECONFIG": str(simulator.kubeconfig)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == []


def test_a_configuration_of_no_settings_at_all_is_refused() -> None:
    with pytest.raises(Refused):
        configuration_of(Settings())


def test_an_error_of_the_api_server_keeps_its_status() -> None:
    with (
        Scripted(status(418, "I'm a teapot")) as server,
        pytest.raises(ClusterError, match="418, I'm a teapot") as raised,
    ):
        connect({"KUBERNETES_HOST": server.url}).send(GET)
    assert raised.value.status == 418
