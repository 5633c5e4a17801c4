import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.settings import Settings, check_address, read_settings

KEYS = {
    "KUBERNETES_API_KEY": "token",
    "KUBERNETES_API_KEY_PREFIX": "token_prefix",
    "KUBERNETES_USERNAME": "username",
    "KUBERNETES_PASSWORD": "password",
    "KUBERNETES_CERT_FILE": "cert_file",
    "KUBERNETES_KEY_FILE": "key_file",
    "KUBERNETES_CA_CERT_FILE": "ca_file",
}


@pytest.mark.parametrize("secrets", [None, {}])
def test_without_anything_said_there_is_nothing(secrets: dict[str, str] | None) -> None:
    assert read_settings(secrets, {}) == Settings()


@pytest.mark.parametrize(("key", "attribute"), KEYS.items())
def test_every_key_is_looked_up_in_secrets_first_then_in_the_environment(key: str, attribute: str) -> None:
    assert getattr(read_settings({key: "secret"}, {key: "env"}), attribute) == "secret"
    assert getattr(read_settings({}, {key: "env"}), attribute) == "env"


def test_an_endpoint_in_secrets_beats_any_kubeconfig() -> None:
    env = {"KUBECONFIG": "/a:/b", "KUBERNETES_CONTEXT": "c", "KUBERNETES_HOST": "https://env"}
    found = read_settings({"KUBERNETES_HOST": "https://secret"}, env)
    assert (found.host, found.fallback_host, found.kubeconfig, found.context) == ("https://secret", None, None, None)


def test_an_endpoint_in_the_environment_is_beaten_by_any_kubeconfig() -> None:
    env = {"KUBECONFIG": "/a:/b", "KUBERNETES_CONTEXT": "c", "KUBERNETES_HOST": "https://env"}
    found = read_settings(None, env)
    assert (found.host, found.fallback_host, found.kubeconfig, found.context) == (None, "https://env", "/a:/b", "c")


@pytest.mark.parametrize(
    "key", ["KUBERNETES_HOST", "KUBERNETES_CONTEXT", "KUBERNETES_API_KEY", "KUBERNETES_VERIFY_SSL"]
)
def test_an_empty_value_is_none(key: str) -> None:
    assert read_settings({key: ""}, {}) == read_settings({}, {key: "", "KUBECONFIG": ""}) == Settings()


@pytest.mark.parametrize(
    ("said", "verify"),
    [
        ("false", False),
        ("False", False),
        ("0", False),
        ("no", False),
        ("OFF", False),
        (False, False),
        ("true", True),
        ("1", True),
        ("Yes", True),
        ("on", True),
        (True, True),
        (None, None),
    ],
)
def test_tls_is_off_only_in_so_many_words(said: object, verify: bool | None) -> None:
    assert read_settings({"KUBERNETES_VERIFY_SSL": said}, {}).verify is verify


@pytest.mark.parametrize("said", ["maybe", "fasle", " ", "2", "\x1b[2J"])
def test_what_is_neither_yes_nor_no_is_refused(said: str) -> None:
    with pytest.raises(Refused, match=r"KUBERNETES_VERIFY_SSL: '.*' is neither true nor false") as refused:
        read_settings({"KUBERNETES_VERIFY_SSL": said}, {})
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("value", [5, ["x"], {"type": "env"}, b"x"])
def test_a_value_that_is_no_text_is_refused_without_showing_it(value: object) -> None:
    with pytest.raises(Refused) as refused:
        read_settings({"KUBERNETES_API_KEY": value}, {})
    assert str(refused.value) == f"secrets: KUBERNETES_API_KEY must be text, found {type(value).__name__}"


@pytest.mark.parametrize(
    "host", ["https://api:6443", "http://127.0.0.1:8001", "https://[::1]:6443/", "https://rancher.example.com/k8s/c-1"]
)
def test_addresses_of_api_servers_are_taken(host: str) -> None:
    check_address(host, "KUBERNETES_HOST")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "api:6443",
        "ftp://api",
        "https://",
        "https://:6443",
        "https://a:port",
        "https://a:99999",
        "https://a:0",
        "https://[::1",
        "https://a b",
        "https://a\nb",
        "https://a\x1b[2J",
        "https://a/\u202eb",
        " https://a",
    ],
)
def test_what_is_no_address_is_refused_with_where_it_was_found(host: str) -> None:
    with pytest.raises(Refused, match="KUBERNETES_HOST: ") as refused:
        check_address(host, "KUBERNETES_HOST")
    assert str(refused.value).isprintable()


def test_a_password_in_an_address_is_refused_without_showing_it() -> None:
    with pytest.raises(Refused, match="use KUBERNETES_USERNAME, KUBERNETES_PASSWORD") as refused:
        check_address("https://me:s3cret@api", "KUBERNETES_HOST")
    assert "s3cret" not in str(refused.value)


def test_secrets_are_never_shown() -> None:
    secrets = dict.fromkeys(KEYS, "s3cret")
    assert "s3cret" not in repr(read_settings({**secrets, "KUBERNETES_HOST": "https://x"}, {}))


def test_settings_that_are_alike_share_a_connection() -> None:
    assert len({read_settings({"KUBERNETES_API_KEY": "a"}, {}), read_settings(None, {"KUBERNETES_API_KEY": "a"})}) == 1
    assert read_settings({"KUBERNETES_API_KEY": "a"}, {}) != read_settings({"KUBERNETES_API_KEY": "b"}, {})


def test_the_configuration_names_the_context_after_secrets_and_before_the_environment() -> None:
    env = {"KUBERNETES_CONTEXT": "of-env"}
    assert read_settings(None, env, {"KUBERNETES_CONTEXT": "of-run"}).context == "of-run"
    assert read_settings({"KUBERNETES_CONTEXT": "of-secrets"}, env, {"KUBERNETES_CONTEXT": "x"}).context == "of-secrets"
    assert read_settings(None, env, {"KUBERNETES_CONTEXT": ""}).context == "of-env"


def test_nothing_else_of_the_configuration_counts() -> None:
    assert read_settings(None, {}, {"KUBERNETES_HOST": "https://elsewhere", "KUBERNETES_API_KEY": "t"}) == Settings()


def test_a_context_of_the_configuration_that_is_no_text_is_refused() -> None:
    with pytest.raises(Refused, match="configuration: KUBERNETES_CONTEXT must be text"):
        read_settings(None, {}, {"KUBERNETES_CONTEXT": 5})
