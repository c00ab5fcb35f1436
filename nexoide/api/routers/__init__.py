"""The routes of the control plane, one file a noun."""
