"""Tests; the folders mirror the packages, and support/ holds what they share."""
