"""The support desk: every question becomes a ticket with its answer."""

from __future__ import annotations

from shop import customers
from shop.assistant import Assistant
from shop.store import Store


class SupportDesk:
    def __init__(self, store: Store, assistant: Assistant) -> None:
        self.store = store
        self.assistant = assistant

    def answer(self, customer_id: str, question: str) -> dict[str, object]:
        customer = customers.get(customer_id)
        reply = self.assistant.ask(question)
        answer = reply.content.strip()
        ticket = self.store.add_ticket(customer.id, question, answer)
        return {"ticket": ticket, "answer": f"Dear {customer.name}, {answer}"}
