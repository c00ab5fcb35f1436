"""The screen: a full-screen view of the journal's fold, and the keys with which an operator decides."""
