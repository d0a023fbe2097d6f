"""What notebooks look at: tables counted by time, place, person and amount, and their pictures.

Everything counts canonical records in scope, keeps ids and citations beside each number, and says
nothing of what a person is.
"""
