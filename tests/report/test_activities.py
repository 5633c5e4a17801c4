"""The activities of a run."""

from typing import Any

from chaosimagecorrupt.report.activities import read_activities
from chaosimagecorrupt.report.journal import Part


def ran(name: str, **changes: Any) -> dict[str, Any]:
    return {"activity": {"type": "probe", "name": name}, "status": "succeeded", **changes}


def journal(**content: Any) -> Part:
    return Part("journal.json", "", content)


def test_phases_come_in_the_order_of_the_experiment() -> None:
    found = read_activities(
        journal(
            rollbacks=[ran("e")],
            run=[ran("b")],
            steady_states={
                "after": {"probes": [ran("d")]},
                "during": [{"probes": [ran("c")]}],
                "before": {"probes": [ran("a")]},
            },
        )
    )
    assert [(a.name, a.phase) for a in found] == [
        ("a", "steady state before"),
        ("b", "method"),
        ("c", "steady state during"),
        ("d", "steady state after"),
        ("e", "rollbacks"),
    ]


def test_a_long_output_is_shortened() -> None:
    (found,) = read_activities(journal(run=[ran("a", output=["x" * 1000])]))
    assert len(found.output) == 240
    assert found.output.endswith("…")


def test_the_error_is_the_last_line_of_the_exception() -> None:
    (found,) = read_activities(journal(run=[ran("a", exception=["Traceback\n", "Refused: no\n"])]))
    assert (found.error, found.output, found.met) == ("Refused: no", "", None)
