"""Two suppliers of generated product texts, as their client libraries shape the answers."""
from dataclasses import dataclass


@dataclass
class Completion:
    content: str
    tokens: int


class Generation:
    def __init__(self, text, finish):
        self.text = text
        self.finish = finish


class Northwind:
    def generate(self, prompt):
        return Completion(content=f"northwind: {prompt}", tokens=len(prompt.split()))


class Southgate:
    def generate(self, prompt):
        return Generation(f"southgate: {prompt}", "stop")
