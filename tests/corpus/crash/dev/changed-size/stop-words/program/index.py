from collections import defaultdict

from clean import index_terms


class Index:
    def __init__(self):
        self.postings = defaultdict(set)

    def add(self, number, text):
        for term in index_terms(text):
            self.postings[term].add(number)

    def find(self, text):
        sets = [self.postings[term] for term in index_terms(text)]
        return sorted(set.intersection(*sets)) if sets else []
