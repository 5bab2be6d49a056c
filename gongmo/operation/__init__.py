"""How the installation fares: figures for monitors and for the operator's page, the public status, checks before going live."""
