"""Letters of the desk: words composed once from facts, then set as PDF or as HTML (docs/kip-letters.md)."""
