"""Signals into facts: one function for each signal, one module for each part of a call's life."""
