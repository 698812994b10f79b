# A porch: each target only calls tox, where everything lives.

TOX ?= .venv/bin/tox

.PHONY: help test quick example develop lint docs reference changelog messages
help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/bin/tox:
	python3 -m venv .venv
	.venv/bin/pip install tox

test: .venv/bin/tox  ## run the whole matrix
	$(TOX) -p auto

quick: .venv/bin/tox  ## run the tests on one Python and Django
	$(TOX) -e users,py311-django52

lint: .venv/bin/tox  ## check style, types and imports
	$(TOX) -e lint,types,imports

docs: .venv/bin/tox  ## build the documentation into build/docs
	$(TOX) -e docs

reference: .venv/bin/tox  ## make the tables of the reference anew, from the code
	$(TOX) exec -e docs -- python -m docs.generate

changelog: .venv/bin/tox  ## show what the next release has to tell
	$(TOX) -e changelog

example: .venv/bin/tox  ## serve the example project
	$(TOX) -e example

develop: .venv/bin/tox  ## serve it with Vite beside Django, for work on the front end
	$(TOX) -e example-dev

messages:  ## collect and compile the translations (needs gettext)
	cd src/jwt_signin && django-admin makemessages --all --add-location file --no-wrap
	cd src/jwt_signin && django-admin compilemessages
