"""Taking part: opinions on drafts, surveys, online interviews; each ends with a result."""
