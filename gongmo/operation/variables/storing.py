"""Where data lies, how it is backed up and where it moves to."""

from gongmo.operation.variables.base import V, group

GROUPS = (
    group(
        "데이터베이스",
        "Database",
        V(
            "GONGMO_DATABASE_URL",
            "SQLite in the home",
            "PostgreSQL 주소",
            "`postgresql://user:password@host:5432/name?sslmode=require`; a socket: `postgresql://user@/name?host=/run/postgresql`",
            secret=True,
        ),
        V(
            "GONGMO_DATABASE_POOL",
            "`8`",
            "웹 프로세스마다 PostgreSQL 연결 수의 한도",
            "PostgreSQL connections of each process at most",
        ),
    ),
    group(
        "파일",
        "Files",
        V(
            "GONGMO_FILES_URL",
            "`files/` in the home",
            "파일을 두는 곳: 폴더 경로나 S3 호환 저장소의 주소",
            "where files are kept: a folder, or an S3-compatible storage (`s3://key:secret@host/bucket`, [files](files.md))",
            secret=True,
        ),
        V(
            "GONGMO_FILES_SIGNED",
            "`0`",
            "큰 파일을 저장소의 서명된 주소에서 바로 받게 하는 시간(초). 0: 사이트를 거쳐 보냅니다",
            "seconds for which a signed address of the storage leads to a large download; `0`: everything is streamed through the site",
        ),
        V(
            "GONGMO_FILE_LIMIT",
            "2 GiB",
            "파일 하나의 한도(바이트)",
            "largest file in bytes ([files](files.md))",
        ),
        V(
            "GONGMO_UPLOAD_QUOTA",
            "4 × the limit",
            "한 사람이 함께 올릴 수 있는 양(바이트)",
            "bytes that one person may have under way",
        ),
        V(
            "GONGMO_UPLOAD_HOURS",
            "`72`",
            "끝나지 않은 업로드를 두는 시간",
            "how long an unfinished upload lives",
        ),
        V(
            "GONGMO_CLAMAV",
            "none",
            "바이러스 검사기 clamd의 주소나 소켓",
            "virus scanner clamd, as `host:port` or a socket's path",
        ),
        V(
            "GONGMO_CONVERTER",
            "looked for",
            "LibreOffice의 soffice. none: 쓰지 않습니다",
            "path of LibreOffice's `soffice` for previews; `none` leaves it out",
        ),
        V(
            "GONGMO_SIMILAR_INDEX",
            "`file`",
            "앞선 과제 색인을 두는 곳: file, table",
            "where the index of earlier projects is kept: `file`, or `table` for several machines ([similar](similar.md))",
        ),
    ),
    group(
        "백업과 옮기기",
        "Backup and moving",
        V(
            "GONGMO_BACKUP_KEY",
            "none: not encrypted",
            "백업을 암호화하는 age 공개 열쇠",
            "age public key (`age1…`) for which `gongmo backup` encrypts; `gongmo backup --new-key` makes a pair",
        ),
        V(
            "GONGMO_BACKUP_SECRET",
            "none",
            "암호화한 백업을 푸는 age 비밀 열쇠. 서버에 두지 않습니다",
            "age secret key with which `gongmo restore` opens one; not kept on the server",
            secret=True,
        ),
        V(
            "GONGMO_TO_DATABASE_URL",
            "none",
            "gongmo move가 옮겨 갈 데이터베이스",
            "database to which `gongmo move` carries the installation, where the command line does not name it",
            secret=True,
        ),
        V(
            "GONGMO_TO_FILES_URL",
            "none",
            "gongmo move가 옮겨 갈 저장소",
            "storage to which `gongmo move` carries the files, where the command line does not name it",
            secret=True,
        ),
    ),
)
