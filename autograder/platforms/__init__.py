"""Where submissions come from and points go to: one package or module for each platform."""
