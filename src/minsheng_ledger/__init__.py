"""Makes `ledger`, `projections` and `api` importable where a wheel was installed.

There they are folders of this package, since other distributions use such names too. In the source tree they lie next
to it, and are on the path already. Processes that this one starts find them by PYTHONPATH.
"""

import os
import sys
from pathlib import Path

_HERE = Path(__file__).parent
if (_HERE / "ledger").is_dir() and str(_HERE) not in sys.path:
    sys.path.insert(0, str(_HERE))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_HERE), os.environ.get("PYTHONPATH"))))
