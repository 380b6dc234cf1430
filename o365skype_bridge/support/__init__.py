"""What can be sent to somebody who helps: exchanges without names, and the way back from them."""
