"""Stands for the person at the terminal, so that the run ends by itself."""
import os
import signal


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)
