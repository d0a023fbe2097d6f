"""How the name model is made: invented chat, public corpora, word list, one seeded training run."""
