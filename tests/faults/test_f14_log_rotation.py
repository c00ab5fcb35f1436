"""F14: logs that are rotated, emptied, deleted and replaced: what was written is read once, and what is no log is refused and said."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import logging.handlers
import os
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.supervisor.target_logs import cap_log, dropped_at_head
from tests.unit.incidents.files.following import append, following

KEPT = 20_000


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    made = logging.Logger("rotated")  # noqa: LOG001 - one that no other test knows
    yield made
    for handler in made.handlers:
        handler.close()


def numbered(count: int, name: str = "ERR") -> list[str]:
    return [f"{name} {number}" for number in range(count)]


async def test_renamed_and_created_anew(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "ERR before")
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR one")
        log.rename(tmp_path / "app.log.1")
        append(log, "ERR two")
        await seen.told_all("ERR one", "ERR two")


async def test_a_program_that_writes_on_into_the_renamed_file(tmp_path: Path):
    log = tmp_path / "app.log"
    with log.open("a", buffering=1) as old:
        async with following(tmp_path, "app.log") as seen:
            old.write("ERR one\n")
            await seen.told_all("ERR one")
            log.rename(tmp_path / "app.log.1")
            old.write("ERR two\n")  # until it is told to open its log again
            await seen.told_all("ERR one", "ERR two")
            append(log, "ERR three")
            old.write("ERR four\n")
            await seen.until(lambda: len(seen.told) == 4)
            assert sorted(seen.messages) == sorted(["ERR one", "ERR two", "ERR three", "ERR four"])
        assert len(seen.told) == 4


async def test_a_program_that_writes_on_into_a_file_that_was_moved_away(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "archive").mkdir()
    log = tmp_path / "logs" / "app.log"
    with log.open("a", buffering=1) as old:
        async with following(tmp_path, "logs/*.log") as seen:
            old.write("ERR one\n")
            log.rename(tmp_path / "archive" / "app.log")
            old.write("ERR two\n")
            append(log, "ERR three")
            await seen.until(lambda: len(seen.told) == 3)
            old.write("ERR four\n")
            await seen.until(lambda: len(seen.told) == 4)
            assert seen.messages == ["ERR one", "ERR two", "ERR three", "ERR four"]


@pytest.mark.parametrize("pattern", ["app.log", "app.log*", "*.log", "."])
async def test_pythons_rotating_handler_at_speed(tmp_path: Path, pattern: str, logger: logging.Logger):
    handler = logging.handlers.RotatingFileHandler(tmp_path / "app.log", maxBytes=4000, backupCount=5)
    logger.addHandler(handler)
    wanted = numbered(5000)
    async with following(tmp_path, pattern) as seen:
        for number, message in enumerate(wanted):
            logger.error(message)
            if number % 500 == 0:
                await asyncio.sleep(0)
            if number % 40 == 0:
                await asyncio.sleep(0.002)
        await seen.until(lambda: len(seen.told) >= len(wanted))
        await seen.settled()
        assert sorted(seen.messages, key=lambda text: int(text[4:])) == wanted
        assert len(list(tmp_path.iterdir())) == 6


async def test_pythons_timed_handler_names_files_by_date(tmp_path: Path, logger: logging.Logger):
    handler = logging.handlers.TimedRotatingFileHandler(tmp_path / "app.log", when="S", backupCount=20)
    logger.addHandler(handler)
    wanted = numbered(60)
    async with following(tmp_path, "app.log*") as seen:
        for message in wanted:
            logger.error(message)
            await asyncio.sleep(0.04)
        await seen.told_all(*wanted)
        assert len(list(tmp_path.iterdir())) > 2


async def test_emptied_and_shorter_than_before(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "fine " * 100)
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR one")
        await seen.told_all("ERR one")
        os.truncate(log, 0)
        append(log, "ERR two")
        await seen.told_all("ERR one", "ERR two")


async def test_emptied_and_longer_than_before_when_it_is_looked_at(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "first line", "ERR one")
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR two")
        await seen.told_all("ERR two")
        os.truncate(log, 0)  # nothing runs between these two
        append(log, "another line", *numbered(50, "ERR new"))
        await seen.told_all("ERR two", *numbered(50, "ERR new"))


async def test_emptied_and_longer_with_the_same_first_lines(tmp_path: Path):
    log, banner = tmp_path / "app.log", ["server starts", "x" * 2000]
    append(log, *banner)
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR one", "ERR one and a half")
        await seen.until(lambda: len(seen.told) == 2)
        os.truncate(log, 0)
        append(log, *banner, "ERR two", "ERR three", "ERR four")
        await seen.told_all("ERR one", "ERR one and a half", "ERR two", "ERR three", "ERR four")


@pytest.mark.parametrize("pattern", ["*.log", "app.log*", "."])
async def test_copied_and_emptied_reads_the_rest_in_the_copy(tmp_path: Path, pattern: str):
    """What was written just before the file was emptied is in the copy alone; the copy itself is not read again."""
    log = tmp_path / "app.log"
    append(log, *numbered(100, "old"))
    async with following(tmp_path, pattern) as seen:
        append(log, "ERR one")
        await seen.told_all("ERR one")
        append(log, "ERR two", "ERR three")  # nothing is read between here …
        shutil.copyfile(log, tmp_path / "app.log.1")
        os.truncate(log, 0)
        append(log, "ERR four")  # … and here
        await seen.told_all("ERR one", "ERR two", "ERR three", "ERR four")
        append(log, "ERR five")
        (tmp_path / "app.log.1").rename(tmp_path / "app.log.2")
        shutil.copyfile(log, tmp_path / "app.log.1")
        os.truncate(log, 0)
        append(log, "ERR six")
        await seen.told_all("ERR one", "ERR two", "ERR three", "ERR four", "ERR five", "ERR six")


async def test_a_copy_that_is_still_being_made(tmp_path: Path):
    log, copy = tmp_path / "app.log", tmp_path / "app.log.1"
    async with following(tmp_path, "app.log*") as seen:
        append(log, *numbered(3000))
        await seen.until(lambda: len(seen.told) == 3000)
        content = log.read_bytes()
        with copy.open("wb") as file:
            for begin in range(0, len(content), 4096):
                file.write(content[begin : begin + 4096])
                file.flush()
                await asyncio.sleep(0.002)
        os.truncate(log, 0)
        append(log, "ERR new")
        await seen.told_all(*numbered(3000), "ERR new")


async def test_logs_of_workers_that_begin_alike_are_no_copies(tmp_path: Path):
    async with following(tmp_path, "*.log") as seen:
        for name in ("worker.log", "worker-1.log", "worker-2.log", "worker.3.log"):
            append(tmp_path / name, "starts", "ERR the same", "goes on")
        for name in ("worker.log", "worker-1.log", "worker-2.log", "worker.3.log"):
            append(tmp_path / name, f"ERR {name}")
        await seen.until(lambda: len(seen.told) == 8)
        assert seen.messages.count("ERR the same") == 4


async def test_emptied_under_a_writer_that_does_not_append(tmp_path: Path):
    """It goes on at its old place: the file has a hole in front, and is as long as before."""
    log = tmp_path / "app.log"
    with log.open("w", buffering=1) as file:
        async with following(tmp_path, "*.log") as seen:
            file.write("fine\n" * 5000 + "ERR one\n")
            await seen.told_all("ERR one")
            os.truncate(log, 0)
            file.write("ERR two\n")
            await seen.told_all("ERR one", "ERR two")
            os.truncate(log, 0)
            await seen.settled()
            file.write("ERR three\n")
            file.write("ERR four\n")
            await seen.told_all("ERR one", "ERR two", "ERR three", "ERR four")


async def test_deleted_while_open_by_the_program(tmp_path: Path):
    log = tmp_path / "app.log"
    with log.open("a", buffering=1) as file:
        async with following(tmp_path, "*.log") as seen:
            file.write("ERR one\n")
            log.unlink()
            file.write("ERR two\n")
            await seen.told_all("ERR one", "ERR two")
            file.write("ERR three\n")
            await seen.until(lambda: len(seen.told) == 3)
            append(log, "ERR four")
            await seen.told_all("ERR one", "ERR two", "ERR three", "ERR four")


async def test_the_number_of_a_deleted_file_is_used_again(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "a line that is longer than all that comes later, by far", "ERR old")
    async with following(tmp_path, "*.log") as seen:
        (followed,) = seen.follower.catalogues[0].files.values()
        followed.give_back()  # as where many files are followed: the kernel may give its number to another file
        before = log.stat().st_ino
        for attempt in range(200):
            log.unlink()
            append(log, f"ERR new {attempt}")
            if log.stat().st_ino == before:
                break
        else:
            pytest.skip("this file system does not use numbers again")
        await seen.until(lambda: f"ERR new {attempt}" in seen.messages)
        assert "ERR old" not in seen.messages


async def test_replaced_by_a_link_to_a_secret(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "app.log"
    append(log, "old")
    secret = tmp_path / "secret"
    append(secret, "ERR root:$6$secret")
    async with following(tmp_path / "logs", ".", "app.log") as seen:
        append(log, "ERR one")
        await seen.told_all("ERR one")
        log.unlink()
        log.symlink_to(secret)
        await seen.until(lambda: seen.notices)
        append(secret, "ERR more")
        (tmp_path / "logs" / "shadow.log").symlink_to("/etc/shadow")
        await seen.until(lambda: len(seen.notices) == 2)
        assert str(secret) in seen.notices[0]
        assert "/etc/shadow" in seen.notices[1]
        assert "outside of the folder that is watched" in seen.notices[1]
        log.unlink()
        append(log, "ERR two")
        await seen.told_all("ERR one", "ERR two")


async def test_the_folder_is_replaced_by_a_link(tmp_path: Path):
    (tmp_path / "work" / "logs").mkdir(parents=True)
    (tmp_path / "secrets").mkdir()
    append(tmp_path / "secrets" / "app.log", "ERR secret")
    async with following(tmp_path / "work", "logs/*.log") as seen:
        append(tmp_path / "work" / "logs" / "app.log", "ERR one")
        await seen.told_all("ERR one")
        shutil.rmtree(tmp_path / "work" / "logs")
        (tmp_path / "work" / "logs").symlink_to(tmp_path / "secrets")
        await seen.until(lambda: seen.notices)
        append(tmp_path / "secrets" / "app.log", "ERR more secrets")
        await seen.settled()
        assert seen.messages == ["ERR one"]
        assert "outside of the folder" in seen.notices[0]


async def test_a_link_within_the_folder_is_followed_and_may_be_turned(tmp_path: Path):
    append(tmp_path / "app-1.log", "old")
    append(tmp_path / "app-2.log", "old")
    (tmp_path / "current").symlink_to("app-1.log")
    async with following(tmp_path, "current") as seen:
        append(tmp_path / "app-1.log", "ERR one")
        await seen.told_all("ERR one")
        (tmp_path / "new").symlink_to("app-3.log")
        append(tmp_path / "app-3.log", "ERR two")
        (tmp_path / "new").rename(tmp_path / "current")
        await seen.told_all("ERR one", "ERR two")
        append(tmp_path / "app-3.log", "ERR three")
        await seen.told_all("ERR one", "ERR two", "ERR three")
        assert seen.notices == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give files away")
async def test_a_link_to_a_file_of_a_stranger(tmp_path: Path):
    append(tmp_path / "theirs", "old")
    os.chown(tmp_path / "theirs", 12345, 12345)
    (tmp_path / "app.log").symlink_to("theirs")
    async with following(tmp_path, "app.log") as seen:
        append(tmp_path / "theirs", "ERR one")
        await seen.until(lambda: seen.notices)
        await seen.settled()
        assert seen.told == []
        assert "a link to a file of user 12345" in seen.notices[0]


async def test_what_is_no_file_is_refused_and_nothing_hangs(tmp_path: Path):
    os.mkfifo(tmp_path / "fifo.log")
    (tmp_path / "folder.log").mkdir()
    (tmp_path / "device.log").symlink_to("/dev/zero")
    (tmp_path / "nowhere.log").symlink_to("nothing")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.log"))
        async with following(tmp_path, "*.log") as seen:
            append(tmp_path / "app.log", "ERR one")
            await seen.told_all("ERR one")
            assert len(seen.notices) == 5
            said = "\n".join(sorted(seen.notices))
            for words in (
                "device.log is not read: it is a device",
                "fifo.log is not read: it is a FIFO",
                "folder.log is not read: it is a folder",
                "s.log is not read: it is a socket",
            ):
                assert words in said
            assert "nowhere.log is not read: it is a link that leads nowhere" in said
            (tmp_path / "fifo.log").unlink()
            append(tmp_path / "fifo.log", "ERR two")
            await seen.told_all("ERR one", "ERR two")
            assert len(seen.notices) == 5


async def test_a_log_that_becomes_a_fifo_and_a_folder(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "old")
    async with following(tmp_path, "app.log") as seen:
        append(log, "ERR one")
        log.unlink()
        os.mkfifo(log)
        await seen.until(lambda: len(seen.notices) == 1)
        log.unlink()
        log.mkdir()
        await seen.until(lambda: len(seen.notices) == 2)
        log.rmdir()
        append(log, "ERR two")
        await seen.told_all("ERR one", "ERR two")


UNREADABLE = """
import asyncio, os, pathlib, sys
sys.path.insert(0, "@root@")
from tests.unit.incidents.files.following import append, following
root = pathlib.Path(sys.argv[1])
async def main():
    append(root / "a.log", "ERR old")
    (root / "a.log").chmod(0)
    async with following(root, "*.log") as seen:
        assert len(seen.notices) == 1 and "it may not be read" in seen.notices[0], seen.notices
        append(root / "b.log", "ERR b")
        (root / "b.log").chmod(0)
        await seen.until(lambda: len(seen.notices) == 2 or seen.told)
        (root / "a.log").chmod(0o600)
        append(root / "a.log", "ERR a")
        (root / "b.log").chmod(0o600)
        await seen.until(lambda: len(seen.told) == 2)
        await seen.settled()
        assert sorted(seen.messages) == ["ERR a", "ERR b"], seen.messages
asyncio.run(main())
"""


async def test_no_permission_is_said_once_and_tried_again_when_it_changes(tmp_path: Path):
    """Without the powers that root has over files."""
    script = UNREADABLE.replace("@root@", str(Path(__file__).resolve().parents[2]))
    command = [sys.executable, "-c", script, str(tmp_path)]
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not here")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search", *command]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=40, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="logrotate is not installed")
@pytest.mark.parametrize("how", ["create", "nocreate", "copytruncate", "copytruncate\ncompress", "create\ndateext\ndateformat -%Y%m%d-%s", "create\ncompress"])
async def test_logrotate_itself(tmp_path: Path, how: str):
    folder = tmp_path / "logs"
    folder.mkdir(mode=0o755)
    (tmp_path / "conf").write_text(textwrap.dedent(f"{folder}/*.log {{\nrotate 9\nmissingok\n{how}\n}}\n"))
    (tmp_path / "conf").chmod(0o644)
    log, wanted = folder / "app.log", []
    append(log, *numbered(30, "old"))
    async with following(tmp_path, "logs") as seen:
        for turn in range(4):
            lines = numbered(200, f"ERR {turn}")
            append(log, *lines)
            wanted += lines
            if "compress" in how:  # what is packed before it was ever read is not looked for
                await seen.told_all(*wanted)
            command = ["logrotate", "--force", "--state", str(tmp_path / "state"), str(tmp_path / "conf")]
            done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            if "copytruncate" in how:  # the rest is found in the copy; of two copies made before the first was looked at, it is not
                await seen.told_all(*wanted)
            if "dateext" in how:
                await asyncio.sleep(1.1)
        append(log, "ERR last")
        await seen.told_all(*wanted, "ERR last")
        assert len(list(folder.iterdir())) == 5


async def test_a_file_that_is_shortened_from_the_front_in_place(tmp_path: Path):
    """As the log of a target is where no holes can be punched: what is kept is not read twice, what is dropped unread is counted."""
    log = tmp_path / "out.log"
    async with following(tmp_path, "out.log", dropped=dropped_at_head) as seen:
        append(log, *numbered(3000))
        await seen.until(lambda: len(seen.told) == 3000)
        cap_log(log, limit=1000, kept=KEPT)
        append(log, "ERR after")
        await seen.told_all(*numbered(3000), "ERR after")
        append(log, *numbered(4000, "ERR more"))
        size = log.stat().st_size
        cap_log(log, limit=1000, kept=KEPT)  # before any of it was read
        append(log, "ERR end")
        await seen.until(lambda: "ERR end" in seen.messages)
        (followed,) = seen.follower.catalogues[0].files.values()
        more = [message for message in seen.messages if message.startswith("ERR more")]
        assert more == numbered(4000, "ERR more")[-len(more) :]
        lost = sum(len(line) + 1 for line in numbered(4000, "ERR more")[: -len(more)])
        assert followed.dropped == lost > size - 2 * KEPT - 1000


async def test_holes_that_are_punched_into_what_was_read_and_what_was_not(tmp_path: Path):
    libc = ctypes.CDLL(None, use_errno=True)
    log = tmp_path / "out.log"
    append(log, "begin")
    async with following(tmp_path, "out.log", dropped=dropped_at_head) as seen:
        append(log, *numbered(3000))
        await seen.until(lambda: len(seen.told) == 3000)
        with log.open("r+b") as file:
            if libc.fallocate(file.fileno(), 3, ctypes.c_long(4096), ctypes.c_long(log.stat().st_size - 4096)) != 0:
                pytest.skip("this file system punches no holes")
        append(log, "ERR after")
        await seen.told_all(*numbered(3000), "ERR after")
        begin = log.stat().st_size
        append(log, *numbered(4000, "ERR more"))
        with log.open("r+b") as file:
            end = (begin + 20_000) // 4096 * 4096
            assert libc.fallocate(file.fileno(), 3, ctypes.c_long(4096), ctypes.c_long(end - 4096)) == 0
        append(log, "ERR end")
        await seen.until(lambda: "ERR end" in seen.messages)
        (followed,) = seen.follower.catalogues[0].files.values()
        assert followed.dropped == end - begin
        more = [message for message in seen.messages if message.startswith("ERR more")]
        assert more == numbered(4000, "ERR more")[-len(more) :]
        assert len(more) > 1000
