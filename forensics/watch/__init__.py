"""Noticed before people notice: what is wrong now or will be soon, asked again and again."""
