"""The rules of the store contract, a room for each half of the port; `StoreContract` puts them together."""
