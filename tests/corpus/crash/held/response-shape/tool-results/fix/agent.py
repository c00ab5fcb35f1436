from tools import TOOLS


class Agent:
    def __init__(self) -> None:
        self.transcript: list[str] = []

    def step(self, instruction: str) -> str:
        tool, argument = instruction.split(":", 1)
        result = TOOLS[tool](argument)
        output = result["output"] if isinstance(result, dict) else result.output
        self.transcript.append(output)
        return self.transcript[-1]

    def run(self, plan: list[str]) -> str:
        for instruction in plan:
            self.step(instruction)
        return " / ".join(self.transcript)
