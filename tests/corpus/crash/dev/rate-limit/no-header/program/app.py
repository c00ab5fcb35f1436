from indexer.api import run
from indexer.search import SearchClient

client = SearchClient(run())
found = {word: client.search(q=word) for word in ("lamp", "tab", "ch", "x")}
client.close()
for word, hits in found.items():
    print(word, "->", ", ".join(hits) or "nothing")
