from dataclasses import dataclass, field

from agent import Agent
from planner import plan


@dataclass
class Turn:
    question: str
    answer: str


@dataclass
class Conversation:
    """One customer's questions and what they were told."""

    customer: str
    turns: list[Turn] = field(default_factory=list)

    def ask(self, question: str) -> str:
        instructions = plan(question)
        answer = Agent().run(instructions) if instructions else "I cannot help with that."
        self.turns.append(Turn(question, answer))
        return answer

    def unanswered(self) -> list[str]:
        return [turn.question for turn in self.turns if turn.answer.startswith("I cannot")]

    def minutes(self) -> str:
        lines = [f"Conversation with {self.customer}"]
        for number, turn in enumerate(self.turns, 1):
            lines += [f"{number}. {turn.question}", f"   {turn.answer}"]
        return "\n".join(lines)
