import sys

sys.path.insert(0, "")
from clean import index_terms
from index import Index

assert index_terms("The cause of the noise is a fan") == ["cause", "noise", "fan"]
assert index_terms("to to to the the a a") == []
assert index_terms("b of of of c") == ["b", "c"]
assert index_terms("x x") == ["x", "x"]
i = Index()
i.add(1, "the of of fan")
assert sorted(i.postings) == ["fan"]
