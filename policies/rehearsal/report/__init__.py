"""The report of a rehearsal: what is left of a stack when a region is lost, for people to read.

    contents.py   what a report says, as plain records
    reading.py    finds it in a model and in what the policies said
    boxes.py      how many parts of one kind become one box
    layout.py     where boxes and lines are in the picture (drawn.py, lines.py)
    rendering.py  HTML, Markdown and SVG out of templates
    files.py      where it is written, and what is wrong with a place

Nothing here is imported unless somebody asks for a report; the template library is none of the
pack's own requirements.
"""
