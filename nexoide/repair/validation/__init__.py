"""Validation in layers: each check of a patch is a row of evidence with what was run, what came out, how long, and how confined."""

from __future__ import annotations

from nexoide.repair.validation.trial import NewFile, Observation, Trial, Validated

__all__ = ["NewFile", "Observation", "Trial", "Validated"]
