"""Tests of the transition between two versions of several functions, under load and at rest."""
