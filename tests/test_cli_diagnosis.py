"""What `rasid doctor` concludes from what it sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasid.cli.diagnosis import filesystem_of

MOUNTS = """\
overlay / overlay rw,relatime 0 0
/dev/sda1 /data ext4 rw 0 0
server:/x /data/far nfs4 rw 0 0
server:/y /data2 nfs4 rw 0 0
/dev/sdb1 /mnt/news\\040desk xfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/sdc1 /tmp btrfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/rasid", "overlay"),
        ("/data/rasid", "ext4"),
        ("/data/far/rasid", "nfs4"),
        ("/data/farther", "ext4"),
        ("/data2", "nfs4"),
        ("/data22/rasid", "overlay"),
        ("/mnt/news desk/rasid", "xfs"),
        ("/tmp/rasid", "btrfs"),
    ],
)
def test_a_file_system_is_found_by_whole_folder_names(folder: str, kind: str) -> None:
    assert filesystem_of(Path(folder), MOUNTS) == kind


def test_a_system_without_mounts_has_an_unknown_one() -> None:
    assert filesystem_of(Path("/data"), "") == "unknown"
