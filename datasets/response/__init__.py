"""What readers say of datasets and are told of them: ratings, reports of problems, followers (docs/response.md)."""
