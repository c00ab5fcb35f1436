"""A skin as Textual knows themes: for the few widgets that are Textual's own, such as the command palette."""

from __future__ import annotations

from textual.theme import Theme

from nexoide.tui.themes import Skin

_ANSI_VARIABLES = {  # what Textual's own widgets (the command palette) ask of a theme in the terminal's colours
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
    "border-blurred": "ansi_black",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_white",
    "input-cursor-background": "ansi_black",
    "input-cursor-foreground": "ansi_bright_white",
    "input-selection-background": "ansi_bright_blue",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_bright_blue",
    "screen-selection-foreground": "ansi_black",
}


def textual_theme(skin: Skin) -> Theme:
    """Return the theme to register with the app."""
    colours = {name: "ansi_default" if value == "default" else value for name, value in skin.colours.items()}
    return Theme(
        name=skin.name,
        primary=colours["focus"],
        secondary=colours["quiet"],
        accent=colours["focus"],
        warning=colours["waiting"],
        error=colours["fail"],
        success=colours["ok"],
        foreground=colours["text"],
        background=colours["background"],
        surface=colours["raised"],
        panel=colours["raised"],
        dark=skin.dark,
        ansi=skin.ansi,
        variables=_ANSI_VARIABLES if skin.ansi else {},
    )
