import re

from markup.nodes import Bold, Include, Text

TOKEN = re.compile(r"\*(?P<bold>[^*]+)\*|\{(?P<include>\w+)\}|(?P<text>[^*{]+)")


def parse(source):
    nodes = []
    for match in TOKEN.finditer(source):
        if match["bold"]:
            nodes.append(Bold(match["bold"]))
        elif match["include"]:
            nodes.append(Include(match["include"]))
        else:
            nodes.append(Text(match["text"]))
    return nodes
