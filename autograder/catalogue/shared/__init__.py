"""Families of mistakes, with the names of variables as parameters."""
