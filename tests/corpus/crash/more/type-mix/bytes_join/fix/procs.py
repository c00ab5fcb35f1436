import subprocess
import sys


def output_of(code):
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True).stdout.decode()


def python_words(code):
    lines = output_of(code).strip().split("\n")
    return [line.strip() for line in lines]


def longest(words):
    return max(words, key=len).upper() + "!"
