"""Text that is read or written in the wrong encoding: the one that the other side uses, a byte order mark, pieces cut inside a character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.text.encoded_pieces import cut_pieces
from nexoide.repair.text.encodings_in_code import Direction, Site, all_sites, mentions, normal, sites

_MESSAGE = re.compile(
    r"'(?P<codec>[\w-]+)' codec can't (?P<what>decode|encode) (?:bytes?|characters?) "
    r"(?:0x(?P<byte>[0-9a-f]{2}) |'(?P<char>.*?)' )?in position (?P<at>\d+)(?:-\d+)?: (?P<why>.*)",
    re.DOTALL,
)
_MARK = "\\ufeff"
_NO_TEXT = {0x8B: "compressed with gzip", 0x89: "a PNG image", 0x80: "a pickle"}


class Encoding:
    """Uses the encoding that the other side uses, or that the project says the text has."""

    name = "encoding"
    summary = "Reads and writes text in the encoding that the other side uses, without a byte order mark, and decodes whole texts, not pieces."
    errors = ("UnicodeDecodeError", "UnicodeEncodeError", "KeyError", "ValueError", "AssertionError")
    examples: tuple[Example, ...] = (
        Example(
            name="reader and writer differ",
            files={
                "main.py": "from pathlib import Path\n\nfile = Path('a.txt')\nfile.write_text('é', encoding='latin-1')\n"
                "print(len(file.read_text(encoding='utf-8')))\n"
            },
            prints="1\n",
        ),
        Example(name="bytes of nobody knows what", files={"main.py": "print(bytes([0xe9, 0x20]).decode('utf-8'))\n"}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether text could not be decoded or encoded, or begins with a byte order mark."""
        if raised.type in ("UnicodeDecodeError", "UnicodeEncodeError"):
            return True
        return raised.type in self.errors and _has_mark(raised)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the encodings that the project shows, the surest first."""
        if not raised_on_purpose(context) or _has_mark(context.raised):
            yield from offer(context, self.name, _ideas(context))


def _has_mark(raised: Raised) -> bool:
    if "\ufeff" in raised.message or _MARK in raised.message:
        return True
    views = raised.frames[-1].locals.values() if raised.frames else ()
    return any(_MARK in view.repr or "\ufeff" in view.repr or any(_MARK in key or "\ufeff" in key for key in view.keys) for view in views)


def _ideas(context: Context) -> Iterator[Idea]:
    raised = context.raised
    if raised.type not in ("UnicodeDecodeError", "UnicodeEncodeError"):
        yield from _marked(context)
        return
    match = _MESSAGE.match(raised.message)
    if match is None:
        return
    codec, direction = normal(match["codec"]) or match["codec"], "decode" if match["what"] == "decode" else "encode"
    if direction == "decode":
        pieces = list(cut_pieces(context, match["why"]))
        yield from pieces
        if pieces:
            return
        found = sites(context, "decode") or [item for item in all_sites(context.project) if item.direction == "decode" and item.encoding(context) == codec]
        yield from _decoded(context, found, codec, match)
    else:
        found = sites(context, "encode") or [item for item in all_sites(context.project) if item.direction == "encode" and item.encoding(context) == codec]
        yield from _encoded(context, found, codec, match)


def _marked(context: Context) -> Iterator[Idea]:
    """Yield `utf-8-sig` where text begins with a byte order mark that nothing takes away."""
    found = [item for item in sites(context, "decode") if item.encoding(context) in ("", "utf-8")]
    found = found or [item for item in all_sites(context.project) if item.direction == "decode" and item.encoding(context) in ("", "utf-8")]
    if len(found) > 1:
        found = [item for item in found if item.module is found[0].module][:1]
    for site in found:
        yield Idea(
            title=f"read the file as utf-8-sig at {site.where}",
            why="The text begins with a byte order mark (U+FEFF), which the utf-8 codec leaves in the text. The edit uses utf-8-sig, which takes it away.",
            edits=site.edit(context, "utf-8-sig"),
            prior=0.92,
            alternatives=("Taking the mark out of the first name: every reader of the file would have to.",),
        )


def _decoded(context: Context, found: list[Site], codec: str, match: re.Match[str]) -> Iterator[Idea]:
    byte, at = int(match["byte"] or "0", 16), int(match["at"])
    if (at, byte) in ((1, 0x8B), (0, 0x89), (0, 0x80)) and codec != "ascii":
        context.refuse(f"The bytes look like {_NO_TEXT[byte]}, and are no text in any encoding.")
        return
    if not found:
        context.refuse("The call that decodes the text is not in the project's own code.")
        return
    site = found[0]
    given = _candidates(context, site, codec, "encode")
    if at == 0 and byte in (0xFE, 0xFF) and not any(name.startswith("utf-16") for name in given):
        given = {"utf-16": (0.86, "the bytes begin with the mark of UTF-16"), **given}
    if codec == "ascii" or (codec.startswith("cp") and not given):
        given.setdefault("utf-8", (0.86, "utf-8 reads every text that ascii does, and is what nearly all others write"))
    fitting = [name for name in given if _reads(name, byte)]
    for rank, name in enumerate(sorted(fitting, key=lambda item: -given[item][0])[:2]):
        sure, why = given[name]
        yield Idea(
            title=f"read the text as {name} at {site.where}",
            why=f"The bytes are not {codec} ({match['why'][:60]}); {why}. The edit decodes {name}.",
            edits=site.edit(context, name),
            prior=sure - 0.2 * rank,
            alternatives=("Ignoring what cannot be decoded: characters would be lost.",),
            unchecked=("Text from other sources that come through the same place.",),
        )
    if fitting:
        for writer in _others(context, "encode", fitting[0])[:1]:
            yield Idea(
                title=f"write the text as {codec} at {writer.where}",
                why=f"{writer.where} writes {fitting[0]}, and {site.where} reads {codec}. The edit writes what is read.",
                edits=writer.edit(context, codec),
                prior=0.5,
            )
    else:
        context.refuse(f"The bytes are not {codec}, and nothing in the project says which encoding they have.")


def _encoded(context: Context, found: list[Site], codec: str, match: re.Match[str]) -> Iterator[Idea]:
    if not found:
        context.refuse("Where the output's encoding is set is outside of the project: see PYTHONIOENCODING and the locale.")
        return
    if "surrogates" in match["why"]:
        context.refuse("The text holds half of a character: where it was decoded or cut is what to look at.")
        return
    site = found[0]
    given = {name: row for name, row in _candidates(context, site, codec, "decode").items() if name.startswith("utf-")}
    given.setdefault("utf-8", (0.86, "utf-8 has every character"))
    readers = [item for item in _others(context, "decode", codec) if item.given is not None]
    for rank, name in enumerate(sorted(given, key=lambda item: -given[item][0])[:2]):
        sure, why = given[name]
        edits = site.edit(context, name)
        both = [edit for reader in readers for edit in reader.edit(context, name)] if why.startswith("utf-8 has") else []
        yield Idea(
            title=f"write the text as {name} at {site.where}" + (", and read it so" if both else ""),
            why=f"{codec} has no such character; {why}. The edit writes {name}{', and reads what it writes as that' if both else ''}.",
            edits=list(dict.fromkeys([*edits, *both])) if edits else [],
            prior=sure - 0.2 * rank,
            alternatives=("Leaving out what cannot be encoded: characters would be lost.",),
        )


def _candidates(context: Context, site: Site, codec: str, other: Direction) -> dict[str, tuple[float, str]]:
    """Return the encodings that the other side may use: by its calls, and by what the project's texts name."""
    found: dict[str, tuple[float, str]] = {}
    for item in all_sites(context.project):
        name = item.encoding(context)
        if name and item.direction == other and name != codec and item.given is not None:
            near = item.module is site.module
            found.setdefault(_spelled(name), (0.93 if near else 0.9, f"{item.where} {'writes' if other == 'encode' else 'reads'} {_spelled(name)}"))
    for name, module in mentions(context.project):
        if name not in (codec, "utf-8", "ascii") and _spelled(name) not in found:
            found[_spelled(name)] = (0.86 if module is site.module else 0.8, f"{module.rel} says that {short(_spelled(name))} is used")
    return found


def _spelled(name: str) -> str:
    return {"iso8859-1": "latin-1", "utf-8-sig": "utf-8-sig"}.get(name, name)


def _others(context: Context, direction: Direction, codec: str) -> list[Site]:
    return [item for item in all_sites(context.project) if item.direction == direction and normal(item.encoding(context)) == normal(codec)]


def _reads(name: str, byte: int) -> bool:
    if name.startswith(("utf-16", "utf-32")):
        return True
    if normal(name) in ("utf-8", "utf-8-sig"):
        return True
    try:
        return bool(bytes([byte]).decode(name)) or byte == 0
    except UnicodeDecodeError:
        return normal(name).startswith(("gb", "big5", "shift", "euc", "cp932"))
    except LookupError:
        return False
