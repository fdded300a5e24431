"""What other services speak: REST lists, WebDAV, web pages, packages, SDMX."""
