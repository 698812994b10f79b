"""Let tox find every Python that pyenv holds, not only the one that is switched on."""

import os
from pathlib import Path

_root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
_pythons = sorted(map(str, _root.glob("versions/3.*/bin/python")))
if _pythons:
    os.environ.setdefault("TOX_DISCOVER", os.pathsep.join(_pythons))
