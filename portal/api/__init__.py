"""The API for programs: CKAN's Action API, version 3, as its clients use it."""
