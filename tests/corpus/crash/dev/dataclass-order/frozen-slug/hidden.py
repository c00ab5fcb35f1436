import sys

sys.path.insert(0, "")
import blog
from articles import Article

assert blog.build(blog.TITLES).listing() == [("tea-and-other-outages", 1), ("why-pagers-wake-us", 2)]
a = Article("X y!", author="ann")
assert a.slug == "x-y" and a.author == "ann" and a == Article("X y!", "ann") and hash(a) == hash(Article("X y!", "ann"))
try:
    a.title = "other"
    raise SystemExit("an article can be changed")
except AttributeError:
    pass
