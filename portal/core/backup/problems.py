"""What can go wrong with a backup, in words for the person who runs the command."""


class BackupError(Exception):
    """Nothing was changed; the message says why and what to do."""


class DamagedBackup(BackupError):
    """The file is not what was written."""
