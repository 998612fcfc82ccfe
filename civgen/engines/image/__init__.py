"""Engines that make images."""
