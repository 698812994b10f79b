"""Sign-in, refresh and logout with JSON Web Tokens for Django REST Framework."""
