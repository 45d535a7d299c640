"""Oracles of the chapter's exercises."""
