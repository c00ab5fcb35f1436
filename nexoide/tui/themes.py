"""Themes: one TOML file each, found beside a checkout or inside the installed package, read when asked for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nexoide.errors import ConfigError
from nexoide.tui.text import Style

DEFAULT = "nexoide-dark"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|default|ansi_(?:bright_)?(?:black|red|green|yellow|blue|magenta|cyan|white)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_MAX_BYTES = 64 * 1024
_COLOURS = ("background", "raised", "cursor", "rest", "text", "strong", "quiet", "faint", "border", "focus", "waiting", "fail", "ok")
_DIFF = ("added", "added_word", "added_mark", "removed", "removed_word", "removed_mark", "section")
_SYNTAX = ("keyword", "string", "number", "comment", "name", "builtin", "operator", "decorator")


@dataclass(frozen=True, slots=True)
class Skin:
    """The colours of one theme by the name of what they stand for; `ansi` means the terminal's own sixteen."""

    name: str
    dark: bool
    ansi: bool
    colours: dict[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.colours.items())))

    def fore(self, name: str, *, bold: bool = False, italic: bool = False, underline: bool = False) -> Style:
        """Return the style that writes in a colour, on whatever is behind."""
        return _style(_rich(self.colours[name]), None, bold, italic, underline)

    def back(self, name: str) -> Style:
        """Return the style that fills with a colour."""
        return _style(None, _rich(self.colours[name]), False, False, False)

    def base(self, name: str = "background") -> Style:
        """Return the ordinary text on a filled ground."""
        return _style(_rich(self.colours["text"]), _rich(self.colours[name]), False, False, False)


@lru_cache(maxsize=512)
def _style(colour: str | None, ground: str | None, bold: bool, italic: bool, underline: bool) -> Style:
    return Style(color=colour, bgcolor=ground, bold=bold or None, italic=italic or None, underline=underline or None)


def _rich(colour: str) -> str:
    return colour.removeprefix("ansi_")


def folder() -> Path:
    """Return the folder of the themes; raises ConfigError where the installation has none."""
    package = Path(__file__).resolve().parent.parent
    for place in (package.parent / "themes", package / "_data" / "themes"):
        if (place / f"{DEFAULT}.toml").is_file():
            return place
    raise ConfigError(f"No themes beside {package}: the installation is not whole, install nexoide again.")


def names(place: Path | None = None) -> list[str]:
    """Return the names of all themes, the default first, the terminal's own colours last."""
    found = sorted(path.stem for path in (place or folder()).glob("*.toml") if _NAME.fullmatch(path.stem))
    return sorted(found, key=lambda name: (name != DEFAULT, name.endswith("-ansi"), name))


def load(name: str, place: Path | None = None) -> Skin:
    """Return one theme, read now; raises ConfigError naming the file and the key that is wrong."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} is no name of a theme: use small letters, digits and dashes.")
    path = (place or folder()) / f"{name}.toml"
    try:
        raw = path.read_bytes()
        if len(raw) > _MAX_BYTES:
            raise ConfigError(f"The theme {path} is {len(raw)} bytes long and at most {_MAX_BYTES} are read: shorten it.")
        table = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise ConfigError(f"The theme {path} cannot be read ({error.strerror}): choose another with the t key.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The theme {path} is not valid TOML: {error}.") from error
    colours: dict[str, str] = {}
    for section, keys in (("colors", _COLOURS), ("diff", _DIFF), ("syntax", _SYNTAX)):
        part = table.get(section)
        for key in keys:
            value = part.get(key) if isinstance(part, dict) else None
            if not isinstance(value, str) or not _COLOUR.fullmatch(value):
                raise ConfigError(f"The theme {path} needs {section}.{key} to be #rrggbb, ansi_NAME or default.")
            colours[key if section == "colors" else f"{section}.{key}"] = value
    return Skin(name=name, dark=bool(table.get("dark", True)), ansi=bool(table.get("ansi", False)), colours=colours)
