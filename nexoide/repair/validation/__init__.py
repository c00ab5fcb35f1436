"""Validation in layers: each check of a patch is a row of evidence with what was run, what came out, how long, and how confined."""

from __future__ import annotations

from nexoide.repair.validation.layers import Observe, Said, validate
from nexoide.repair.validation.trial import NewFile, Observation, Trial, Validated
from nexoide.repair.validation.workshop import Workshop

__all__ = ["NewFile", "Observation", "Observe", "Said", "Trial", "Validated", "Workshop", "validate"]
