"""Set-up: an interpreter that has what Shyrdak needs, made where there is none."""
