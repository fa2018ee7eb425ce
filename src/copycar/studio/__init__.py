"""The browser: drive, look after recordings, train and compare. Thin: it calls the rooms below and decides nothing.

How a page is added:

1. Write `studio/<name>/page.py` with `def build(given) -> None`. It is called anew for every visitor, inside the frame
   with title and navigation (`shell`), and puts NiceGUI elements there. `given` is whatever the server was started
   with.
2. Add one line to `STUDIO_PAGES` (`pages.py`): its path, title, icon and `"module:function"`.
3. Pictures and sockets that are no NiceGUI elements: `def routes(given) -> list[BaseRoute]`, named in the same line.
   They are behind the same guard as every page: token, Origin, limits. A GET never changes anything.
4. A `CopycarError` raised while a page is built or while it answers a click is shown to the visitor as what, why and
   fix; there is nothing to catch. Scripts and styles of your own lie in `static/` and are added with `script`.

A program with pages of its own (an annotation tool, say) calls `serve(pages, given, ...)` with its own table.

| file | what it knows |
|---|---|
| `server` | joins all of it and runs it |
| `access`, `guard` | who may ask for what; the same, for every request and socket |
| `token`, `invitation` | the secret, and how it gets to a phone: link and QR code |
| `certificate` | a certificate of our own for HTTPS, and its fingerprint |
| `pages`, `shell`, `error_page` | the table of pages, their common frame, what is shown when something fails |
| `workplace` | the folder that pages may look into |
"""
