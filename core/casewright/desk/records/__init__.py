"""What goes on record and what is masked: looks at customers, refusals, personal fields."""
