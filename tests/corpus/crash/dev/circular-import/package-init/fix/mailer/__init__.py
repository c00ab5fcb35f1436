"""Sends the shop's mails."""
VERSION = "2.3.1"

from mailer.client import Client
from mailer.templates import render

__all__ = ["Client", "VERSION", "render"]
