"""Names of rotated logs: which file each part was, and in which order they were written."""

from __future__ import annotations

import os
import time

import pytest

from nexoide.incidents.files.names import compressed, copy_of, ending, in_order_of_time, rotated_from, shown


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("app.log", "app.log"),
        ("app.log.1", "app.log"),
        ("app.log.12.gz", "app.log"),
        ("app.log-20240131", "app.log"),
        ("app.log-20240131.gz", "app.log"),
        ("app.log-20240131-1706659200", "app.log"),
        ("app.log.2024-01-31", "app.log"),
        ("app.log.2024-01-31_23-59-59", "app.log"),
        ("app.1.log", "app.log"),
        ("app-2024-01-31.log", "app.log"),
        ("app.log.old", "app.log"),
        ("app.log~", "app.log"),
        ("worker1.log", "worker1.log"),
        ("python3.11.log", "python3.log"),
        ("syslog", "syslog"),
        ("syslog.1", "syslog"),
        ("1", "1"),
        ("", ""),
    ],
)
def test_what_a_part_was(name: str, base: str):
    assert rotated_from(name)[0] == base


def test_the_oldest_part_comes_first():
    names = ["app.log", "app.log.1", "app.log.10", "app.log.2.gz", "app.log.old", "app.log-20240131", "app.log-20240201.gz", "b.log.1", "b.log"]
    assert sorted((f"/l/{name}" for name in names), key=in_order_of_time) == [
        "/l/app.log-20240131",
        "/l/app.log-20240201.gz",
        "/l/app.log.10",
        "/l/app.log.2.gz",
        "/l/app.log.1",
        "/l/app.log.old",
        "/l/app.log",
        "/l/b.log.1",
        "/l/b.log",
    ]


def test_a_copy_is_named_after_its_original():
    assert copy_of("app.log.1", "app.log")
    assert not copy_of("app.log", "app.log.1")
    assert not copy_of("worker-1.log", "worker-2.log")
    assert not copy_of("app.log", "app.log")


def test_endings_and_compression():
    assert ending("app.LOG.1.gz") == ".log"
    assert compressed("app.log.1.gz")
    assert not compressed("app.log.1")


@pytest.mark.parametrize("name", ["a" * 100_000, "1." * 50_000, ".log" * 30_000, "-" * 100_000, "2024-01-" * 10_000])
def test_no_name_takes_long(name: str):
    began = time.perf_counter()
    rotated_from(name)
    assert time.perf_counter() - began < 0.1


def test_bytes_that_are_no_text_can_be_stored():
    assert shown(os.fsdecode(b"logs/\xff.log")) == r"logs/\xff.log"
