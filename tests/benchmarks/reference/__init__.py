"""The physical limits that the portal is compared with; none of the portal's code is used."""
