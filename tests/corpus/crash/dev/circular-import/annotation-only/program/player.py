from team import Team

FREE_AGENTS = Team("free agents")


class Player:
    def __init__(self, name: str, skill: int, team: Team = FREE_AGENTS) -> None:
        self.name = name
        self.skill = skill
        self.team = team
        team.add(self)
