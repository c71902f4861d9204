"""The plugins of a desk: lent, asked, cared for."""
