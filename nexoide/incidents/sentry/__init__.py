"""Sentry's own protocol: envelopes as any SDK sends them, their events as failures, transactions and sessions as counts."""
