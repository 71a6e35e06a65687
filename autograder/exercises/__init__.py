"""What an exercise is: its reference, its cases, and the mistakes known for it.

exercise   one graded function, or one question; all of them by id
draws      what inputs are drawn from
mistakes   named edits of a reference solution
quiz       questions from a TOML file
reference  the right answers, read out of source/
callee     a student's function, wherever it lives
"""
