"""Tests of what a person sees: a real JupyterLab, driven with Chromium. Debian's `chromium` has to be installed."""
