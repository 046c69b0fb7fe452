"""How tickets end. Plain values: pages use them and import no pandas."""

# Without a solution: given up, or declined by who had to approve. The figures leave them out.
UNSOLVED = ("cancelled", "rejected")
