# What all pages share.

# The title of a browser tab. $heading: what the page is; $shop: the shop's name.
layout-title = { $heading } · { $shop }

# Before the title of a page that tells of a mistake. $title: the title without it.
layout-error-title = Fehler: { $title }

# Before the id by which the shop finds this answer in its logs.
layout-reference = Kennung

# A link to where the visitor came from.
layout-back = Zurück zum Shop
