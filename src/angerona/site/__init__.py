"""The site: one ASGI application over every page, its guards, its cookie, its proof at the start.

It is the only package that knows every other, and the only one that knows the web framework.
"""
