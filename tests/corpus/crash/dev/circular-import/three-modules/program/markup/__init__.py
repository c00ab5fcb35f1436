from markup.parser import parse
from markup.render import render

__all__ = ["parse", "render"]
