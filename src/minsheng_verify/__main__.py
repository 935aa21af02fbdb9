import sys

from minsheng_verify.cli import main

sys.exit(main())
