"""Finding issues in what people say: copies folded, posts grouped, priority with reasons; pure functions."""
