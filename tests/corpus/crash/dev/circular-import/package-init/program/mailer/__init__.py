"""Sends the shop's mails."""
from mailer.client import Client
from mailer.templates import render

VERSION = "2.3.1"

__all__ = ["Client", "VERSION", "render"]
