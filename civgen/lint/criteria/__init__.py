"""What an ecosystem must have for a grade: one module a criterion; its docstring says what and why."""
