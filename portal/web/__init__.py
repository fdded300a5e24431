"""Parts of rendering that every wing uses: languages, links, figures, icons, assets, paging."""
