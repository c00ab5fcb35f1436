import sys

sys.path.insert(0, "")
import extract

assert extract.extract(extract.PAGE).links == [("https://example.org/docs", "the docs"), ("https://other.example/x?a=1&b=2", "this")]
assert extract.extract("<a href='/x'>a &lt; b</a>").links == [("https://example.org/x", "a < b")]
f = extract.extract("")
assert f.links == [] and f.convert_charrefs is True
