"""The book: what stands on its pages (as data), and how typst sets it (`*.typ`)."""
