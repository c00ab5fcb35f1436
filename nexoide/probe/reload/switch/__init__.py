"""The change-over: from the old functions to the new ones while calls are under way."""
