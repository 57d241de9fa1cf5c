"""Plugin: policy documents clause by clause, their life in time, and what interprets them."""
