"""Calls to other services: what may be repeated, how long is waited, how much is sent, and with which credentials."""
