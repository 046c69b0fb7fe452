"""Items and services as staff see them: lists, pages, pictures, forms, labels, imports."""
