"""The project aggregate."""
