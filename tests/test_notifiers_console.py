"""`console://` over real pseudo-terminals, pipes and files."""

from __future__ import annotations

import os
import sys
import termios
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import Any, TextIO

import pytest
from alert_sinks import http_sink
from test_alerts_outbox import Clock, Desk

from rasid.models import Alert, DeliveryOutcome, DeliveryReason, Message, Notification, Target
from rasid.notifiers import open_notifier
from rasid.notifiers.console import ConsoleNotifier
from rasid.notifiers.safe import FSI, PDI
from rasid.notifiers.text import render
from storage import open_storage

TARGET = Target("desk/console", "desk", "console://")
AT = 1_795_431_900_000_000


def message(body: str = "a headline") -> Message:
    return Message("title", body, "N", ("A",))


def told(**facts: Any) -> Message:
    """Return an item's alert as it is really rendered."""
    facts = {"kind": "item", "title": "", "outlet": "SANA", "excerpts": []} | facts
    alert = Alert("01JD" + "0" * 22, "rule", "h", TARGET.id, "desk", "item:I", AT, facts)
    notification = Notification("N", TARGET.id, (alert,), AT, 0, "token")
    return render(notification, time_zone="UTC", limit=20_000, show="full")


@pytest.fixture
def terminal() -> Iterator[tuple[TextIO, int]]:
    """Yield a stream that is a terminal, and the end at which somebody looks."""
    looker, shown = os.openpty()
    attributes = termios.tcgetattr(shown)
    attributes[1] &= ~termios.OPOST  # leave newlines as they are
    termios.tcsetattr(shown, termios.TCSANOW, attributes)
    with os.fdopen(shown, "w", encoding="utf-8") as stream:
        yield stream, looker
    os.close(looker)


def test_a_terminal_shows_the_message(terminal: tuple[TextIO, int]) -> None:
    stream, looker = terminal
    assert stream.isatty()
    result = ConsoleNotifier(stream).send(TARGET, message("قصف على دير الزور"))
    assert result.outcome is DeliveryOutcome.SUCCESS
    assert os.read(looker, 10_000).decode().splitlines()[1:] == ["قصف على دير الزور"]


def test_a_file_gets_the_same_as_a_terminal(tmp_path: Path, terminal: tuple[TextIO, int]) -> None:
    stream, looker = terminal
    ConsoleNotifier(stream).send(TARGET, message("one\ntwo"))
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        ConsoleNotifier(file).send(TARGET, message("one\ntwo"))
    assert (tmp_path / "out").read_bytes() == os.read(looker, 10_000)


def test_messages_stand_behind_what_was_printed_before(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        file.write("before\n")
        ConsoleNotifier(file).send(TARGET, message("alert"))
        file.write("after\n")
    lines = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert [lines[0], *lines[2:]] == ["before", "alert", "after"]


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b[31mred",  # clears the screen, colours
        "\x1b]0;title\x07",  # names the window
        "\x1b]52;c;cm0gLXJm\x07",  # sets the clipboard
        "\x9b31mred",  # the one-byte form of ESC [
        "back\x08\x08\x08spaces\rreturn",
        "null\x00bell\x07delete\x7f",
        "line\u2028separators\u2029\x85\x0b\x0c",
    ],
)
def test_a_headline_cannot_steer_the_terminal(terminal: tuple[TextIO, int], hostile: str) -> None:
    stream, looker = terminal
    for body in (told(title=hostile, outlet=hostile).body, hostile):
        ConsoleNotifier(stream).send(TARGET, message(body))
        shown = os.read(looker, 10_000).decode()
        assert not [c for c in shown if c != "\n" and (c < " " or "\x7f" <= c <= "\x9f")]


def test_a_headline_cannot_turn_other_lines_round(terminal: tuple[TextIO, int]) -> None:
    stream, looker = terminal
    hostile = "\u202emoc.elpmaxe\u202c\u2066 غارة \u2069\u2069\u2067"
    ConsoleNotifier(stream).send(TARGET, told(title=hostile))
    shown = os.read(looker, 10_000).decode()
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
    assert all(line.count(FSI) == line.count(PDI) for line in shown.splitlines())
    assert f"{FSI}moc.elpmaxe غارة{PDI}" in shown


def test_what_an_encoding_lacks_is_replaced(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as file:
        result = ConsoleNotifier(file).send(TARGET, message("قصف on Homs"))
    assert result.outcome is DeliveryOutcome.SUCCESS
    assert (tmp_path / "out").read_text(encoding="ascii").splitlines()[1] == "??? on Homs"


def test_a_closed_stream_is_tried_again(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        notifier = ConsoleNotifier(file)
    result = notifier.send(TARGET, message())
    assert (result.outcome, result.reason) == (DeliveryOutcome.RETRY, DeliveryReason.FAILED)


def test_a_process_without_standard_output_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    result = open_notifier().send(TARGET, message())
    assert (result.outcome, result.detail) == (
        DeliveryOutcome.RETRY,
        "there is no standard output",
    )


def test_a_broken_pipe_is_tried_again_and_leaves_nothing_behind() -> None:
    """The next attempt prints its own text alone, and the process ends as it should."""
    code = """
        import sys
        from rasid.models import Message, Target
        from rasid.notifiers import open_notifier

        notifier, target = open_notifier(), Target("desk/console", "desk", "console://")
        for number in range(3):
            sys.stdin.readline()
            result = notifier.send(target, Message("", f"headline {number}", "N", ("A",)))
            print(result.outcome, result.detail, file=sys.stderr, flush=True)
    """
    child = Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    with child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stderr.readline() == "success \n"
        assert child.stdout.readline().startswith("─")
        assert child.stdout.readline() == "headline 0\n"
        child.stdout.close()
        child.stdin.write("\n\n")
        child.stdin.close()
        assert child.stderr.readline() == "retry BrokenPipeError\n"
        assert child.stderr.readline() == "retry BrokenPipeError\n"
        assert child.wait(20) == 0
        assert child.stderr.read() == ""


def test_a_full_device_is_tried_again_and_said_once() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = ConsoleNotifier(full).send(TARGET, message())
    assert (result.outcome, result.detail) == (DeliveryOutcome.RETRY, "OSError")


def test_a_message_that_a_full_file_cut_short_is_tried_again(tmp_path: Path) -> None:
    code = """
        import resource, signal, sys
        from rasid.models import Message, Target
        from rasid.notifiers import open_notifier

        notifier, target = open_notifier(), Target("desk/console", "desk", "console://")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        for limit in (10, hard):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            result = notifier.send(target, Message("", "headline", "N", ("A",)))
            print(result.outcome, file=sys.stderr)
    """
    with (tmp_path / "out").open("wb") as out:
        done = run(
            [sys.executable, "-c", textwrap.dedent(code)],
            stdout=out, stderr=PIPE, text=True, cwd=Path(__file__).parent.parent, timeout=20,
            check=True,
        )  # fmt: skip
    assert done.stderr.split() == ["retry", "success"]
    text = (tmp_path / "out").read_text(encoding="utf-8", errors="replace")
    assert text.splitlines()[-1] == "headline"
    assert text.count("headline") == 1


def test_a_long_message_goes_through_a_small_pipe() -> None:
    reader, writer = os.pipe()
    got: list[bytes] = []

    def read() -> None:
        while part := os.read(reader, 1000):
            got.append(part)

    looker = threading.Thread(target=read)
    looker.start()
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        result = ConsoleNotifier(stream).send(TARGET, message("x" * 200_000))
    looker.join(20)
    os.close(reader)
    assert result.outcome is DeliveryOutcome.SUCCESS
    assert b"".join(got).count(b"x") == 200_000


async def test_a_broken_pipe_stops_no_other_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    desk = Desk(open_storage("memory://", clock), clock)
    reader, writer = os.pipe()
    os.close(reader)
    with http_sink() as sink, os.fdopen(writer, "w", encoding="utf-8") as broken:
        monkeypatch.setattr(sys, "stdout", broken)
        names = [desk.target("desk/console", "console://"), desk.target("desk/hook", sink.url)]
        ids = await desk.raise_alerts(*names)
        counts = await desk.outbox().round()
        assert (counts.sent, counts.retried, counts.errors) == (1, 1, 0)
        assert sink.ids == ids[1:]
        monkeypatch.undo()
    await desk.storage.close()
