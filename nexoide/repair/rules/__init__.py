"""The rules, in the order in which they are asked."""

from __future__ import annotations

from nexoide.repair.rules.attribute_missing import AttributeMissing
from nexoide.repair.rules.base import Rule
from nexoide.repair.rules.call_signature import CallSignature
from nexoide.repair.rules.none_value import NoneValue
from nexoide.repair.rules.response_shape import ResponseShape

RULES: tuple[Rule, ...] = (ResponseShape(), AttributeMissing(), CallSignature(), NoneValue())

__all__ = ["RULES", "Rule"]
