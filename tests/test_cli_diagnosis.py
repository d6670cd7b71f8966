"""What `rasid doctor` concludes from what it sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasid.cli.diagnosis import filesystem, filesystem_of

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


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        *((kind, "warn") for kind in ("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "virtiofs")),
        *((kind, "warn") for kind in ("fuse.sshfs", "fuse.rclone", "fuse.glusterfs")),
        *((kind, "ok") for kind in ("ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuseblk")),
    ],
)
def test_Q12_a_data_folder_on_a_network_is_warned_of(kind: str, verdict: str) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x /data {kind} rw 0 0\n"
    found = filesystem(Path("/data/rasid"), mounts)
    assert (found.check, found.verdict) == ("file system", verdict)
    assert ("SQLite's locks do not hold" in found.detail) == (verdict == "warn")
    assert filesystem(Path("/home/rasid"), mounts).verdict == "ok"


def test_Q12_a_system_that_says_nothing_is_not_warned_of() -> None:
    assert filesystem(Path("/data"), "").detail == "unknown"
