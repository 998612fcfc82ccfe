"""Engines that make videos."""
