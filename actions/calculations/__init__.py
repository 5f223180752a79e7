"""Calculations in conversation: what each needs, how it is asked for, and how the figures are shown."""
