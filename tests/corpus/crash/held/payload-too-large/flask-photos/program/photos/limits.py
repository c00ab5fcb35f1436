"""Limits of the photo service: sellers upload pictures of up to 2 MB each."""

KB = 1024
MAX_CONTENT_LENGTH = 16 * KB
MAX_PHOTOS = 20
