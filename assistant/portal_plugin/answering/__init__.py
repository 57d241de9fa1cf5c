"""How a question becomes an answer, step by step; ``services.answers`` puts the steps together."""
