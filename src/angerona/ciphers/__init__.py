"""The ciphers: bytes in, bytes out, and nothing else.

The only floor that imports `cryptography`. Every primitive is somebody else's; what is ours is how
they are put together: canonical encodings, key derivation, padding, one envelope for every sealed
thing, shares, recovery codes, and a self-test that refuses to start on a broken library.
No files, no clock, no names of people; `os.urandom` is the one thing taken from outside.
"""
