from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

CASES = [
    Case(
        "camel",
        {
            "main.py": """
                import json
                PAYLOAD = '{"userId": 7, "displayName": "Ada", "tags": ["x"]}'
                def parse(text):
                    data = json.loads(text)
                    return {"id": data["user_id"], "name": data["displayName"]}
                print(parse(PAYLOAD))
            """,
        },
        "{'id': 7, 'name': 'Ada'}\n",
    ),
    Case(
        "config-section",
        {
            "main.py": """
                from settings import load
                def main():
                    cfg = load()
                    print(cfg["database"]["host"], cfg["timeout"])
                main()
            """,
            "settings.py": """
                DEFAULTS = {"timeout": 30, "retries": 2}
                def load():
                    return {"database": {"host": "db1", "port": 5432}, "debug": False}
                def timeout_of(cfg):
                    return cfg.get("timeout", DEFAULTS["timeout"])
            """,
        },
        "db1 30\n",
    ),
    Case(
        "wordcount",
        {
            "main.py": """
                import re
                def words(text):
                    return re.findall(r"[a-z]+", text.lower())
                def histogram(text):
                    counts = {}
                    for w in words(text):
                        counts[w] = counts[w] + 1
                    return dict(sorted(counts.items()))
                print(histogram("a b a"))
            """,
        },
        "{'a': 2, 'b': 1}\n",
    ),
    Case(
        "nested-group",
        {
            "main.py": """
                SALES = [("eu", "tea", 3), ("us", "tea", 2), ("eu", "rye", 1), ("eu", "tea", 4)]
                def by_region(rows):
                    table = {}
                    for region, item, n in rows:
                        table[region][item] += n
                    return table
                print(by_region(SALES))
            """,
        },
        "{'eu': {'tea': 7, 'rye': 1}, 'us': {'tea': 2}}\n",
    ),
    Case(
        "graph",
        {
            "main.py": """
                class Graph:
                    def __init__(self):
                        self.edges = {}
                    def connect(self, a, b):
                        self.edges[a].add(b)
                        self.edges[b].add(a)
                    def neighbours(self, a):
                        return sorted(self.edges[a])
                g = Graph()
                g.connect("a", "b"); g.connect("b", "c")
                print(g.neighbours("b"))
            """,
        },
        "['a', 'c']\n",
    ),
    Case(
        "graph-leaf",
        {
            "main.py": """
                GRAPH = {"a": ["b", "c"], "b": ["d"]}
                def reach(start):
                    seen, todo = set(), [start]
                    while todo:
                        node = todo.pop()
                        if node in seen:
                            continue
                        seen.add(node)
                        todo.extend(GRAPH[node])
                    return sorted(seen)
                print(reach("a"))
            """,
        },
        "['a', 'b', 'c', 'd']\n",
    ),
    Case(
        "header-case",
        {
            "main.py": """
                HEADERS = {"Content-Type": "text/html", "Content-Length": "12"}
                def length(headers):
                    return int(headers["content-length"])
                print(length(HEADERS))
            """,
        },
        "12\n",
    ),
    Case(
        "int-str",
        {
            "main.py": """
                LEVELS = {1: "low", 2: "high"}
                def read(line):
                    name, _, level = line.partition(":")
                    return name, LEVELS[level]
                print([read(l) for l in ["a:1", "b:2"]])
            """,
        },
        "[('a', 'low'), ('b', 'high')]\n",
    ),
    Case(
        "strip",
        {
            "main.py": """
                CODES = {"red": "#f00", "blue": "#00f"}
                def colours(text):
                    return [CODES[c] for c in text.split(",")]
                print(colours("red, blue"))
            """,
        },
        "['#f00', '#00f']\n",
    ),
    Case(
        "registry-decorator",
        {
            "main.py": """
                import handlers
                from registry import dispatch
                print(dispatch("Created", 3))
            """,
            "registry.py": """
                HANDLERS = {}
                def on(name):
                    def wrap(f):
                        HANDLERS[name.lower()] = f
                        return f
                    return wrap
                def dispatch(name, payload):
                    return HANDLERS[name](payload)
            """,
            "handlers.py": """
                from registry import on
                @on("Created")
                def created(p):
                    return p + 1
            """,
        },
        "4\n",
    ),
    Case(
        "writer-old-name",
        {
            "main.py": """
                from models import to_dict, from_dict, Customer
                c = Customer("Ada", "a@b", 3)
                print(from_dict(to_dict(c)).points)
            """,
            "models.py": """
                class Customer:
                    def __init__(self, name, email, points):
                        self.name, self.email, self.points = name, email, points
                def to_dict(c):
                    return {"name": c.name, "mail": c.email, "points": c.points}
                def from_dict(d):
                    return Customer(d["name"], d["email"], d["points"])
            """,
        },
        "3\n",
    ),
    Case(
        "optional-or",
        {
            "main.py": """
                ROWS = [{"name": "a", "nick": "x"}, {"name": "b"}]
                def label(row):
                    nick = row["nick"]
                    if nick:
                        return f"{row['name']} ({nick})"
                    return row["name"]
                print([label(r) for r in ROWS])
            """,
        },
        "['a (x)', 'b']\n",
    ),
    Case(
        "in-test-elsewhere",
        {
            "main.py": """
                ORDERS = [{"total": 10, "discount": 2}, {"total": 5}]
                def net(order):
                    value = order["total"]
                    if "discount" in order:
                        value -= order["discount"]
                    return value
                def discounts(orders):
                    saved = 0
                    for order in orders:
                        saved += order["discount"]
                    return saved
                print([net(o) for o in ORDERS], discounts(ORDERS))
            """,
        },
        "[8, 5] 2\n",
    ),
    Case(
        "async-cache",
        {
            "main.py": """
                import asyncio
                class Cache:
                    def __init__(self):
                        self._data = {}
                    async def get(self, user_id, loader):
                        key = f"user:{user_id}"
                        if key not in self._data:
                            self._data[f"user-{user_id}"] = await loader(user_id)
                        return self._data[key]
                async def load(i): return {"id": i}
                async def main():
                    c = Cache()
                    print(await c.get(3, load))
                asyncio.run(main())
            """,
        },
        "{'id': 3}\n",
    ),
    Case(
        "rows-header",
        {
            "main.py": """
                import csv, io
                RAW = "Name, Age, City\\nAda, 36, London\\n"
                def people():
                    return [{"n": r["Name"], "a": int(r["Age"])} for r in csv.DictReader(io.StringIO(RAW))]
                print(people())
            """,
        },
        "[{'n': 'Ada', 'a': 36}]\n",
    ),
    Case(
        "kw-builder",
        {
            "main.py": """
                def make(**kw):
                    return dict(title=kw["title"], auther=kw.get("author", "?"))
                def cite(book):
                    return f"{book['author']}: {book['title']}"
                def sort_key(book):
                    return book["author"].lower()
                books = [make(title="T", author="Z"), make(title="S", author="A")]
                print([cite(b) for b in sorted(books, key=sort_key)])
            """,
        },
        "['A: S', 'Z: T']\n",
    ),
    Case(
        "const-key",
        {
            "schema.py": """
                ID = "id"
                PRICE = "prize"
            """,
            "main.py": """
                from schema import ID, PRICE
                def total(rows):
                    return sum(r[PRICE] for r in rows)
                print(total([{"id": 1, "price": 2}, {"id": 2, "price": 3}]))
            """,
        },
        "5\n",
    ),
    Case(
        "inverted",
        {
            "main.py": """
                ROMAN = {"I": 1, "V": 5, "X": 10}
                def value(text):
                    total = 0
                    for i, ch in enumerate(text):
                        v = ROMAN[ch]
                        if i + 1 < len(text) and ROMAN[text[i + 1]] > v:
                            total -= v
                        else:
                            total += v
                    return total
                print(value("xiv"))
            """,
        },
        "14\n",
    ),
    Case(
        "counter-two",
        {
            "main.py": """
                class Poll:
                    def __init__(self, options):
                        self.votes = {}
                        self.options = options
                    def vote(self, who, option):
                        self.votes[option].append(who)
                    def result(self):
                        return {o: len(self.votes.get(o, [])) for o in self.options}
                p = Poll(["a", "b"]); p.vote("x", "a"); p.vote("y", "a")
                print(p.result())
            """,
        },
        "{'a': 2, 'b': 0}\n",
    ),
    Case(
        "api-shape",
        {
            "main.py": """
                def fetch(page):
                    return {"meta": {"page": page, "pages": 2}, "results": [{"id": page}]}
                def fetch_all():
                    out, page = [], 1
                    while True:
                        r = fetch(page)
                        out += r["results"]
                        if page >= r["pages"]:
                            return out
                        page += 1
                print(fetch_all())
            """,
        },
        "[{'id': 1}, {'id': 2}]\n",
    ),
    Case(
        "int-from-csv",
        {
            "main.py": """
                import csv, io
                PRICES = {101: 2.5, 102: 1.0}
                def total(text):
                    t = 0
                    for row in csv.DictReader(io.StringIO(text)):
                        t += PRICES[row["sku"]]
                    return t
                print(total("sku,n\\n101,1\\n102,1\\n"))
            """,
        },
        "3.5\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    monkeypatch.chdir(tmp_path)
    check(tmp_path, case, "key-missing")
