"""Tests by layer. A package, so that no package of others named ``tests`` comes before it."""
