"""What HTTP asks of every answer, whatever the route: each rule in one place, as plain ASGI around the application."""
