"""Media given with a request: looked at before it is built, uploaded when it is submitted.

kinds.py    what a file is, by its first bytes; whether all of it is there
limits.py   what is taken, and where that is known from
mp4.py      size, speed and length of a video
sources.py  a local file or a data URL, checked
remote.py   the first bytes behind a URL
finding.py  all media of one request
uploads.py  from stand-ins to blobs
"""
