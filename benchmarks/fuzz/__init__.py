"""Sending the endpoints whatever chance and coverage can think of."""
