"""Dateline: news reports about a leader's journey as a sourced route on a map."""
