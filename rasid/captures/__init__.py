"""What outlets answered, byte for byte: a spool of all, and a WARC of what an alert rests on.

    captures/spool/       entries (one a fetch, named by time and hash) and bodies (named by hash)
    captures/kept/        one WARC a capture

A **capture** is one fetch: every request and response of it, redirects first.
"""
