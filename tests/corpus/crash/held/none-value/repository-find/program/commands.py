"""Slash commands of the chat: every command is a function from (room, user id, words) to the answer."""
import shlex

COMMANDS = {}


class BadCommand(Exception):
    """The line was no command that we know, or lacked something."""


def command(name, words=0):
    def register(function):
        COMMANDS[name] = (function, words)
        return function

    return register


@command("me", words=1)
def me(room, user_id, words):
    return f"* {room.nick_of(user_id)} {' '.join(words)}"


@command("last")
def last(room, user_id, words):
    count = int(words[0]) if words else 3
    return "\n".join(room.lines[-count:])


@command("who")
def who(room, user_id, words):
    return ", ".join(sorted({line[1:].split(">")[0] for line in room.lines if line.startswith("<")}))


def run(room, user_id, line):
    name, *words = shlex.split(line.removeprefix("/"))
    if name not in COMMANDS:
        raise BadCommand(f"no command /{name}")
    function, needed = COMMANDS[name]
    if len(words) < needed:
        raise BadCommand(f"/{name} needs {needed} words")
    return function(room, user_id, words)
