import sys

sys.path.insert(0, "")
import main
from models import Article, Note

a = main.build()
assert a.fields == {"title": "The night watch", "author": "Bob"}
assert a.changes == [("title", "Night watch"), ("author", "Ann")]
n = Note(text="x")
n.set("text", "y")
assert n.fields == {"text": "y"} and n.changes == [("text", "x")]
assert Article().fields == {} and Article(a=1).created.tzinfo is not None
try:
    n.set("other", 1)
    raise SystemExit("an unknown field was set")
except KeyError:
    pass
