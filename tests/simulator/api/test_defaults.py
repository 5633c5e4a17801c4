"""Defaults of objects."""

from ..calls import PureCalls


def test_a_secret_is_stored_encoded(calls: PureCalls) -> None:
    secret = {"metadata": {"name": "s"}, "stringData": {"word": "xyz"}}
    made = calls("POST", "/api/v1/namespaces/default/secrets", secret).body
    assert (made["data"], made["type"], "stringData" in made) == ({"word": "eHl6"}, "Opaque", False)
