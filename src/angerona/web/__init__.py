"""The pages, by noun: what each asks of the practice, and the template that says it.

No page knows the web framework. A page is a function from a `Turn` (who asks, when, with what) to a
`Result` (a page, a file, another address); `table.py` lists every one with its address and with who
may open it, and a test walks that table. `site/` makes an application of them.
"""
