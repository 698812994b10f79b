"""The floor: what a session costs where there is nothing but the session."""
