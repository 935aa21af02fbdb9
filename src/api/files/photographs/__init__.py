"""Photographs as they come from cameras, drawn again so that nothing but the picture is kept."""
