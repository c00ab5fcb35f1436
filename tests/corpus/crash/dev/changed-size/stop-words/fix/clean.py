"""Prepare the words of a ticket for the search index."""
import re

STOP = {"the", "a", "of", "is", "and", "to"}


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def without_stop_words(found):
    return [word for word in found if word not in STOP]


def index_terms(text):
    return without_stop_words(words(text))
