"""The growth as a chart."""

from benchmarks.growth_chart import growth_svg


def test_the_chart_names_its_lines_and_axes() -> None:
    svg = growth_svg({"pods_ready": {10: 1.0, 5000: 2.0}}, "pods")
    assert svg.startswith("<svg")
    assert all(text in svg for text in (">pods_ready<", ">pods<", ">milliseconds, median<"))
