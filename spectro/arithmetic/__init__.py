"""Array operations that every stage needs: exact sums and products, extrema and medians of neighbourhoods."""
