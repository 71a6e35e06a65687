"""Makes what students get, and the solved notebooks for people who learn on their own.

source      a notebook of source/ as the release reads it
problems    what would go wrong with a class, said before
points      typed once, told everywhere
freeze      the examples of the instant checks
generate    all of it aside, then into its place
solutions   the solved notebooks
"""
