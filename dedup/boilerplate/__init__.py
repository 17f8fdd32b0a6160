"""What is furniture: by phrases, by what a site's pages share, by the shape of the page."""
