"""The faults as a table, and as much of it as a terminal has room for."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chaosimagecorrupt.cli.status_faults import FaultStatus, worst_first
from chaosimagecorrupt.cli.status_text import Layout, count_line, footer_lines, no_faults, screen_of, status_lines
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET

from ..manifests import NOW
from .faults import a_fault, an_entry

ONE, ALL = Layout(all_namespaces=False, wide=False), Layout(all_namespaces=True, wide=False)
WIDE = Layout(all_namespaces=True, wide=True)
THREE = [a_fault("api", "pay", left=-5, ready=0), a_fault("web"), a_fault("checkout", waiting=None, ready=3)]
THIRTY = worst_first(
    (a_fault(f"checkout-service-{n}", f"team-{n % 3}", left=100 - n * 4, ready=n % 4) for n in range(30)), NOW
)


def screen(
    faults: Sequence[FaultStatus], width: int, height: int, layout: Layout = ALL, error: str | None = None
) -> list[str]:
    return screen_of(faults, NOW, layout, (width, height), "No faults.", error)


def test_the_columns_are_those_of_kubectl() -> None:
    assert status_lines(THREE, NOW, ALL, None) == [
        "NAMESPACE   NAME       READY   WAITING        SINCE   EXPIRES IN",
        "pay         api        0/3     ErrImagePull   45s     expired",
        "shop        web        1/3     ErrImagePull   45s     3m12s",
        "shop        checkout   3/3     <none>         45s     3m12s",
        "3 faults in 2 namespaces: 1 expired, 2 in place",
    ]


def test_in_one_namespace_its_name_is_no_column() -> None:
    assert status_lines(THREE[1:2], NOW, ONE, None) == [
        "NAME   READY   WAITING        SINCE   EXPIRES IN",
        "web    1/3     ErrImagePull   45s     3m12s",
        "1 fault in 1 namespace: 1 in place",
    ]


def test_wide_adds_containers_images_who_and_id() -> None:
    both = a_fault(entries=(an_entry("app"), an_entry("sidecar")))
    titles, row, _ = status_lines([both], NOW, WIDE, None)
    assert titles.endswith(
        "EXPIRES IN   CONTAINER     ORIGINAL IMAGE" + " " * 32 + "CORRUPT IMAGE" + " " * 24 + "CAUSE   BY        ID"
    )
    assert row.split()[6:] == [
        "app,sidecar",
        "quay.io/shop/app:v1,quay.io/shop/sidecar:v1",
        "registry.invalid/nonexistent:chaos",
        "dns",
        "me@here",
        "id1",
    ]


def test_what_is_not_known_is_said_as_kubectl_says_it() -> None:
    label_only = a_fault(entries=(), in_place=None, error="the role does not allow to list pods")
    _, row, count, note = status_lines([label_only], NOW, WIDE, None)
    assert row.split()[3:] == ["<unknown>", "<unknown>", "<none>", *["<unknown>"] * 6]
    assert count == "1 fault in 1 namespace: 1 without a ttl"
    assert note == "WAITING is not known: the role does not allow to list pods"


def test_what_others_have_undone_is_said_to_be_and_that_traces_are_left() -> None:
    undone = [a_fault("api", in_place=(), waiting=None), a_fault("db", in_place=(), left=-5, kind=STATEFUL_SET)]
    assert status_lines([a_fault(), *undone], NOW, ONE, None)[2:] == [
        "api              1/3     <none>         45s     undone",
        "statefulset/db   1/3     ErrImagePull   45s     undone",
        "3 faults in 1 namespace: 1 in place, 2 undone",
        "Undone, but not cleaned up, which a restore does: shop/api, shop/statefulset/db",
    ]


def test_counts_that_are_zero_are_left_out() -> None:
    assert count_line(THREE, NOW) == "3 faults in 2 namespaces: 1 expired, 2 in place"
    assert count_line(THREE[:1], NOW) == "1 fault in 1 namespace: 1 expired"
    assert footer_lines(THREE[:1], NOW) == ["1 fault in 1 namespace: 1 expired"]


@pytest.mark.parametrize(
    ("namespace", "text"), [("shop", "No faults found in namespace shop."), (None, "No faults found in any namespace.")]
)
def test_no_fault_is_said_with_the_namespace(namespace: str | None, text: str) -> None:
    assert no_faults(namespace, unlabelled=True) == text
    assert screen_of([], NOW, ALL, (120, 30), text, None) == [text]


def test_where_only_the_label_was_looked_for_no_fault_is_said_with_how_to_find_the_others() -> None:
    text = no_faults("shop", unlabelled=False)
    assert text == "No faults found in namespace shop. To find records of operator-chaos, too: --unlabelled"


def test_below_the_table_stands_which_records_operator_chaos_made() -> None:
    theirs = [a_fault(name, entries=(Entry("app", "quay.io/shop/app:v1"),)) for name in "abcde"]
    line = "Made by operator-chaos, which may still run: "
    assert footer_lines([*theirs[:1], *THREE], NOW)[1:] == [line + "shop/a"]
    assert footer_lines(theirs, NOW)[1:] == [line + "shop/a, shop/b, shop/c, 2 more"]


@pytest.mark.parametrize(
    ("entry", "by"),
    [
        (Entry("app", "quay.io/shop/app:v1"), "operator-chaos"),
        (replace(an_entry(), by=""), "<unknown>"),
        (an_entry(), "me@here"),
    ],
)
def test_by_is_operator_chaos_only_where_it_made_the_record(entry: Entry, by: str) -> None:
    [row] = WIDE.rows([a_fault(entries=(entry,))], NOW)
    assert row[WIDE.titles.index("BY")] == by


def test_on_120x30_the_worst_are_shown_and_the_others_are_counted() -> None:
    lines = screen(THIRTY, 120, 30)
    assert len(lines) == 29
    assert lines[0].split("   ")[0] == "NAMESPACE" and lines[0].endswith("WAITING            SINCE   EXPIRES IN")
    assert [line.split()[1] for line in lines[1:-2]] == [fault.name for fault in THIRTY[:26]]
    assert lines[-2:] == ["30 faults in 3 namespaces: 5 expired, 25 in place", "Not shown: 4 faults"]


def test_on_60x20_whole_columns_are_left_out_and_named() -> None:
    lines = screen(THIRTY, 60, 20)
    assert lines[0] == "NAMESPACE   NAME                  READY   SINCE   EXPIRES IN"
    assert lines[1] == "team-1      checkout-service-28   0/3     45s     expired"
    assert lines[-1] == "Not shown: 14 faults; the column WAITING"
    assert len(lines) == 19 and "…" not in "".join(lines)


def test_where_all_fits_nothing_is_said_to_be_missing() -> None:
    lines = screen(THREE, 80, 6)
    assert (len(lines), lines[-1]) == (5, "3 faults in 2 namespaces: 1 expired, 2 in place")


def test_what_stands_below_the_table_is_broken_between_words() -> None:
    assert screen(THIRTY, 42, 20)[-4:] == [
        "30 faults in 3 namespaces: 5 expired, 25",
        "in place",
        "Not shown: 16 faults; the columns WAITING,",
        "SINCE, EXPIRES IN",
    ]


def test_a_name_that_is_wider_than_the_terminal_is_cut_and_the_ready_pods_stay() -> None:
    titles, row, *_ = screen([a_fault("a-name-that-is-too-long")], 20, 10)
    assert (titles, row) == ("NAME           READY", "a-name-that…   1/3")


def test_reasons_that_take_turns_do_not_move_the_columns() -> None:
    pulling, waiting = a_fault(waiting="ErrImagePull"), a_fault(waiting="ImagePullBackOff")
    assert screen([pulling], 120, 30)[0] == screen([waiting], 120, 30)[0]


def test_an_error_is_above_the_last_state_on_a_few_lines() -> None:
    lines = screen(THIRTY, 60, 20, error="https://127.0.0.1:6443 is not reachable: " + "refused, " * 30)
    assert lines[0] == "https://127.0.0.1:6443 is not reachable: refused, refused,"
    assert lines[2].endswith("…") and lines[3] == "The last state:" and lines[4].startswith("NAMESPACE")
    assert lines[-1].startswith("Not shown: 18 faults")
    assert screen([], 60, 20, error="gone")[:2] == ["gone; trying again.", "The last state:"]


HOSTILE = st.text(max_size=80)


@given(
    st.lists(st.tuples(HOSTILE, st.integers(0, 12)), max_size=40),
    st.integers(1, 200),
    st.integers(1, 60),
    st.none() | HOSTILE,
    st.sampled_from([ONE, ALL, WIDE]),
)
def test_a_screen_is_never_larger_than_the_terminal(
    found: list[tuple[str, int]], width: int, height: int, error: str | None, layout: Layout
) -> None:
    faults = [a_fault(f"web-{n}", waiting=reason, ready=ready, replicas=12) for n, (reason, ready) in enumerate(found)]
    lines = screen(faults, width, height, layout, error)
    assert len(lines) <= height
    if width >= 15:
        assert all(cell_len(line) <= width for line in lines)


@given(st.text(), st.text())
def test_text_of_the_cluster_stays_text(reason: str, image: str) -> None:
    fault = a_fault(waiting=reason, entries=(replace(an_entry(), original=image),))
    assert not any(unicodedata.category(c).startswith("C") for c in "".join(status_lines([fault], NOW, WIDE, None)))
