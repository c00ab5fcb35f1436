"""What came of a run over the corpus: by class, by confidence, and how far the confidence can be trusted."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from typing import Any

BANDS = ((0.85, 1.01), (0.70, 0.85), (0.0, 0.70))


def report(rows: list[dict[str, Any]], *, show: bool = False) -> str:
    """Return the whole report as text."""
    parts = [_classes(rows), _none(rows), _bands(rows), _reliability(rows), _times(rows)]
    if show:
        parts.append(_shown(rows))
    return "\n\n".join(part for part in parts if part)


def _wanted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["expect"] == "patch"]


def first_right(row: dict[str, Any]) -> bool:
    """Say whether the patch at rank 1 is right."""
    return bool(row["patches"]) and row["patches"][0]["right"]


def _classes(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'class':28}{'cases':>6}{'proposed':>9}{'rank 1':>8}{'top 3':>7}{'plausible, wrong':>18}"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in _wanted(rows):
        groups.setdefault(row["group"], []).append(row)
    for name, held in [*sorted(groups.items()), ("all", _wanted(rows))]:
        proposed = sum(bool(row["patches"]) for row in held)
        first = sum(first_right(row) for row in held)
        third = sum(any(patch["right"] for patch in row["patches"][:3]) for row in held)
        wrong = sum(bool(row["patches"]) and row["status"] == "fixed" and not first_right(row) for row in held)
        lines.append(f"{name:28}{len(held):>6}{proposed:>9}{first:>8}{third:>7}{wrong:>18}")
    if _wanted(rows):
        share = sum(first_right(row) for row in _wanted(rows)) / len(_wanted(rows))
        lines.append(f"right at rank 1: {share:.1%} of {len(_wanted(rows))}")
    return "\n".join(lines)


def _none(rows: list[dict[str, Any]]) -> str:
    held = [row for row in rows if row["expect"] == "none"]
    if not held:
        return ""
    quiet = [row for row in held if not row["patches"]]
    loud = [row for row in held if row["patches"]]
    told = sum(bool(row.get("advice")) for row in quiet)
    worst = max((row["patches"][0]["confidence"] for row in loud), default=0.0)
    return f"no code patch is right: {len(quiet)} of {len(held)} got none ({told} with advice); highest confidence of a patch there: {worst:.2f}"


def _all(rows: list[dict[str, Any]]) -> list[tuple[float, bool]]:
    """Return confidence and truth of every patch at rank 1; where no patch is right, it is wrong."""
    return [(row["patches"][0]["confidence"], row["expect"] == "patch" and first_right(row)) for row in rows if row["patches"]]


def wilson(right: int, total: int) -> float:
    """Return the lower bound of the 95 % Wilson interval."""
    if not total:
        return 0.0
    share, z = right / total, 1.96
    middle = share + z * z / (2 * total)
    return (middle - z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))) / (1 + z * z / total)


def _bands(rows: list[dict[str, Any]]) -> str:
    lines = ["confidence of the patch at rank 1"]
    pairs = _all(rows)
    for low, high in BANDS:
        held = [truth for value, truth in pairs if low <= value < high]
        share = f"{sum(held) / len(held):.1%} right, at least {wilson(sum(held), len(held)):.1%} (Wilson)" if held else "-"
        lines.append(f"  {low:.2f} to {min(high, 1):.2f}: {len(held):>4} patches, {len(held) - sum(held)} wrong, {share}")
    every = [(patch["confidence"], row["expect"] == "patch" and patch["right"]) for row in rows for patch in row["patches"]]
    wrong = sum(1 for value, truth in every if value >= 0.85 and not truth)
    lines.append(f"  all patches of any rank scored 0.85 or more: {sum(value >= 0.85 for value, _ in every)}, {wrong} wrong")
    return "\n".join(lines)


def _reliability(rows: list[dict[str, Any]]) -> str:
    every = [(patch["confidence"], row["expect"] == "patch" and patch["right"]) for row in rows for patch in row["patches"]]
    if not every:
        return ""
    brier = statistics.fmean((value - truth) ** 2 for value, truth in every)
    lines = [f"reliability of all {len(every)} patches, Brier score {brier:.3f} (said │ came true)"]
    for low in range(10):
        held = [(value, truth) for value, truth in every if low / 10 <= value < (low + 1) / 10 or (low == 9 and value >= 1)]
        if held:
            said, true = statistics.fmean(value for value, _ in held), statistics.fmean(truth for _, truth in held)
            lines.append(f"  {said:.2f} {'▒' * round(said * 30):30} │ {true:.2f} {'█' * round(true * 30):30} {len(held):>4}")
    return "\n".join(lines)


def _times(rows: list[dict[str, Any]]) -> str:
    walls = sorted(row["wall"] for row in rows)
    return (
        f"seconds of one heal: median {statistics.median(walls):.1f}, 95th of 100 {walls[int(len(walls) * 0.95)]:.1f}, longest {walls[-1]:.1f}" if walls else ""
    )


def _shown(rows: list[dict[str, Any]]) -> str:
    lines = ["not right:"]
    for row in rows:
        if row["expect"] == "patch" and first_right(row):
            continue
        if row["expect"] == "none" and not row["patches"]:
            continue
        lines.append(f"- {row['case']} ({row['status']}): {row['note']}\n    {row.get('error_class')}: {str(row.get('error'))[:140]}")
        lines += [f"    {_truth(patch)} {patch['confidence']:.2f} {patch['rule']}: {patch['title']} [{patch['said'][:90]}]" for patch in row["patches"][:4]]
        lines += [f"    advice {advice['rule']}: {advice['title']}" for advice in row.get("advice") or []]
    return "\n".join(lines)


def _truth(patch: dict[str, Any]) -> str:
    return "right" if patch["right"] else "wrong"
