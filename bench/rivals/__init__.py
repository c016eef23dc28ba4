"""Two other policy engines, given the same rules by hand: look.rego and look.cedar."""
