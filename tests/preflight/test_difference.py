"""The preflight of the dry run."""

from chaosimagecorrupt.preflight.difference import check_difference

from .deployments import made


def test_what_the_api_server_writes_by_itself_is_no_difference() -> None:
    before, after = made(), made(image="b")
    after["metadata"] |= {"generation": 7, "annotations": {"new": "x"}}
    (line,) = check_difference(before, after)
    assert "metadata.annotations.new (new)" in line.text or "metadata.annotations (new)" in line.text
    assert "spec.template.spec.containers[app].image: localhost/app:v1 -> b" in line.text
    assert "generation" not in line.text


def test_a_removed_field_is_named() -> None:
    before, after = made(), made()
    before["spec"]["paused"] = True
    (check,) = check_difference(before, after)
    assert "spec.paused: True -> None" in check.text
