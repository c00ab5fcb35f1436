"""Targets: which programs run, when one is started again, when that is given up, whether they are well, and how their probes are known."""

from nexoide.supervisor.targets.endings import how_it_ended
from nexoide.supervisor.targets.launching import environment
from nexoide.supervisor.targets.service import Targets
from nexoide.supervisor.targets.tokens import Tokens

__all__ = ["Targets", "Tokens", "environment", "how_it_ended"]
