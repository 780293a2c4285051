"""The API's doors of accounts, and what every resource takes from the rights."""
