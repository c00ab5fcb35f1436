"""Proposes patches for failures: rules that follow from the exception and its frames, the evidence for each, and its confidence."""
