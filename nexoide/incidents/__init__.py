"""Failures become incidents: what probes report is bounded and typed, fingerprinted and grouped."""
