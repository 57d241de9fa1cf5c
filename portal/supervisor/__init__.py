"""The processes of ``portal serve``: started, watched, restarted and stopped together.

Plain Python without Django, so that the supervisor is small and outlives anything that a broken
setting, a full disk or a lost database does to the processes that it looks after.

``processes``   the table of what runs (also what the systemd units in ``deploy/`` start)
``contributions``  rows that plugins bring along
``runner``      keeps them running; one signal stops all
``guardian``    stops them when the supervisor itself was killed
``state``       what ``/readyz`` reads
``logs``        rotated log files and the console
``listening``   the socket, taken before anything is started
``command``     the command line
"""
