"""The composition root: owns the journal, the targets and the engines of one workspace, and hands each what it needs."""
