"""Requests in conversation: one module a kind under ``kinds``, one form for them all."""
