"""How much one visitor may ask of the interfaces for programs, so that all others are served too."""
