"""What must agree: rules over the catalogue, the engines and the contract, and what they find."""
