import sys

sys.path.insert(0, "")
import page
from render import page as render

text = render("T", page.CHECKS)
assert text.splitlines() == [
    "<style>",
    "li {list-style: none}",
    "li.bad {color: red}",
    "</style>",
    "<h1>T</h1>",
    "<ul>",
    "<li class='ok'>api</li>",
    "<li class='bad'>mail &lt;in&gt;</li>",
    "</ul>",
], text
assert "<h1>Second</h1>" in render("Second", [])
