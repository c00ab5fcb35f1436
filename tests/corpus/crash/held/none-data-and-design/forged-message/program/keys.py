"""The key that this machine shares with the partner; a stand-in for the key file."""

SHARED = b"k-2024-02"
