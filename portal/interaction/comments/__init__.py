"""Comments under content: taken where a site opened a place, shown after somebody read them."""
