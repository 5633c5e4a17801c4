"""Charts as SVG."""

from xml.etree import ElementTree

from chaosimagecorrupt.report.svg import CONFIG, to_svg

BAR = {"mark": "bar", "data": {"values": [{"x": 1}]}, "encoding": {"x": {"field": "x", "type": "quantitative"}}}


def test_the_svg_is_an_image_with_a_name_and_a_description_and_its_parts_have_no_roles() -> None:
    root = ElementTree.fromstring(to_svg({**BAR, "config": CONFIG}, "<title>", "what it shows", "7"))
    assert [(child.get("id"), child.text) for child in root[:2]] == [
        ("title-7", "<title>"),
        ("desc-7", "what it shows"),
    ]
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == ("title-7", "desc-7")
    assert [e.get("role") for e in root.iter() if e.get("role")] == ["img"]
