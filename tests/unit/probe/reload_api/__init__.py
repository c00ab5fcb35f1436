"""The probe's in-process API: attaching, what is live, reloading, callbacks and hooks."""
