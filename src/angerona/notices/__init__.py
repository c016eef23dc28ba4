"""What is written to people outside: packets handed over in a disclosure, and papers to keep safe.

Pages are set by typst and locked by pikepdf, both of the extra `pdf`; the JSON form of a packet,
its signature and its checking need neither.
"""
