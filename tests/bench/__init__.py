"""Costs as ratios to named baselines, measured in one run: ``make bench``."""
