import sys

sys.path.insert(0, ".")

from feeds import Entry, parse_feed
from reader import Reader

text = "<rss><item><title>a </title><link>l1</link></item><item><link>l2</link></item></rss>"
assert parse_feed(text) == [Entry("a", "l1"), Entry("", "l2")]
reader = Reader()
assert len(reader.fresh(text)) == 2 and reader.fresh(text) == []
try:
    parse_feed("<rss>")
except Exception as error:
    assert type(error).__name__ == "ParseError", error
else:
    raise AssertionError("a broken feed must fail")
