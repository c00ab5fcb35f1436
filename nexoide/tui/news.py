"""Which events are told in a sentence: what others decided, and what was observed of a deployment."""

from __future__ import annotations

from nexoide.model import event as e
from nexoide.model.projection import State
from nexoide.tui import format as fmt

_DONE = {"approve": "approved", "reject": "rejected", "revert": "taken back"}


def news(event: e.Event, state: State, mine: set[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the level and the sentence of an event worth telling; `mine` holds what this screen decided itself."""
    body = event.body
    match body:
        case e.DecisionMade(decision=decision):
            if _taken(mine, decision.patch, decision.action):
                return None
            return "info", f"{decision.patch} was {_DONE[decision.action]} by {decision.operator}"
        case e.DeploymentLive(deployment=name, pids=pids, milliseconds=took):
            deployment = state.deployments.get(name)
            where = f"pid {', '.join(map(str, pids))}" if pids else "the running program"
            patch = deployment.patch if deployment else name
            what = "is taken back in" if deployment and deployment.action == "revert" else "is live in"
            return "ok", f"{patch} {what} {where} after {fmt.milliseconds(took)}"
        case e.DeploymentNotLive(note=note) | e.DeploymentFailed(note=note):
            return "error", note
        case e.ReloadFinished(state=how, summary=summary, restarted=restarted):
            return ("error" if how in {"refused", "gone", "absent"} else "ok"), summary + (" (restarted for it)" if restarted else "")
        case e.IncidentMoved(incident=incident, state=how) if event.actor.startswith("operator:"):
            return _moved(event.actor, incident, how, mine)
        case e.IncidentMerged(incident=incident, into=into):
            return None if _taken(mine, incident, "merge") else ("info", f"{incident} was merged into {into} by {_who(event.actor)}")
        case e.IncidentSplit(incident=incident, parted=parted):
            what = f"{', '.join(parted[:6])} and it are apart again" if parted else "its failures are told apart from now on"
            return None if _taken(mine, incident, "split") else ("info", f"{incident} was split by {_who(event.actor)}: {what}")
        case e.Notice(level=level, text=text):
            return ("error" if level in {"error", "warning"} else "info"), text
        case e.Recovered(subject=subject, outcome=outcome):
            return "info", f"{subject}: {outcome}"
        case e.SupervisorStopped(reason=reason):
            return "error", f"The supervisor has stopped ({reason}): run 'nexoide up' to go on; this screen comes back by itself."
    return None


def _moved(actor: str, incident: str, state: str, mine: set[tuple[str, str]]) -> tuple[str, str] | None:
    action, done = {"ignored": ("ignore", "ignored"), "resolved": ("resolve", "resolved by hand")}.get(state, ("reopen", "opened again"))
    return None if _taken(mine, incident, action) else ("info", f"{incident} was {done} by {_who(actor)}")


def _taken(mine: set[tuple[str, str]], subject: str, action: str) -> bool:
    if (subject, action) not in mine:
        return False
    mine.discard((subject, action))
    return True


def _who(actor: str) -> str:
    return actor.removeprefix("operator:")
