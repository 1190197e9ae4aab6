"""What breaks when a region is lost: AWS accepts it, and it works until that day.

Each policy asks one question of every loss that is rehearsed (`regions/standing_in.py`). All are
advisory: code is not read, and what a stack does not create may be elsewhere. A finding names the
region whose loss shows it in `lost`, and what is needed over there in `parties`.
"""
