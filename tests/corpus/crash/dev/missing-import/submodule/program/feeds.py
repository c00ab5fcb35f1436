import xml
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    title: str
    link: str


def parse_feed(text: str) -> list[Entry]:
    root = xml.etree.ElementTree.fromstring(text)
    entries = []
    for item in root.iter("item"):
        entries.append(Entry(item.findtext("title", "").strip(), item.findtext("link", "")))
    return entries
