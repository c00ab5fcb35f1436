"""The one git runner and what is done through it: state, plans, commits, inverses and worktrees.

Importing these modules is cheap: GitPython is imported when the first command runs.
"""
