"""The API reference as its readers use it: grouped, described, with examples, and as strict as what is enforced."""

from api.openapi.document import install as install
