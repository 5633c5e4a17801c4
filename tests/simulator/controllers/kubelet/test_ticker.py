"""Periodic work."""

from chaosimagecorrupt.simulator.controllers.kubelet.ticker import Ticker


def test_ticks_come_once_a_period() -> None:
    ticks = Ticker(0.25)
    assert [ticks.after(when) for when in (0.0, 0.25, 10.3)] == [0.25, 1.25, 11.25]
