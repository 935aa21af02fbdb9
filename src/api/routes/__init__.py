"""The HTTP routes of commands and queries, a module an area: HTTP to arguments and back. A feature with a folder of its
own has its `routes.py` there."""
