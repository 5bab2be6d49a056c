"""`gongmo manage migrate`: Django's own, done whole or not at all, with the record's seals carried over (gongmo.ledger.reshaping)."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate

from gongmo.ledger.models import Entry
from gongmo.ledger.reshaping import Upgrade, reach
from gongmo.migrating import too_new
from gongmo.web import running

WAIT = 30
"""Seconds for which PostgreSQL waits for whoever uses a table; then the upgrade gives up, and nothing has changed."""


class Command(migrate.Command):
    """Where the record has begun, everything is one transaction: what fails leaves the database as it was."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--beside-others",
            action="store_true",
            help="다른 접속이 있어도 올립니다(접속을 모아 두는 프로그램의 것일 때) / upgrade although other sessions are open (a pooler's)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if told := too_new(connection):
            raise CommandError(told)
        self.beside_others = options.pop("beside_others", False)
        looks = any(options[each] for each in ("plan", "check_unapplied", "prune", "fake"))
        if looks or options["database"] != DEFAULT_DB_ALIAS or not _begun(connection):
            super().handle(*args, **options)
        elif options["app_label"] or _pending(connection):
            self._upgrade(connection, *args, **options)
        else:
            super().handle(*args, **options)

    def _upgrade(self, connection: BaseDatabaseWrapper, *args: Any, **options: Any) -> None:
        self.upgrade = Upgrade(connection)
        sender = apps.get_app_config("ledger")
        pre_migrate.connect(self._begin, sender=sender)
        post_migrate.connect(self._end, sender=sender)
        # SQLite makes a table anew only where references are not looked at meanwhile, and says so before a transaction only; each migration
        # looks at all of them when it is done.
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                _wait_not_long(connection)
                super().handle(*args, **options)
        except OperationalError as error:
            raise CommandError(
                "올리지 못했습니다. 다른 프로세스가 데이터베이스를 쓰고 있는지 보고, 모두 끈 뒤 같은 명령을 다시 해 주세요. 아무것도 바뀌지 않았습니다.\n"
                f"Not upgraded: see whether others use the database, stop them and run the same again. Nothing was changed. ({error})"
            ) from error
        finally:
            connection.enable_constraint_checking()
            pre_migrate.disconnect(self._begin, sender=sender)
            post_migrate.disconnect(self._end, sender=sender)
        self._tell()

    def _begin(self, *, plan: Any, apps: Any, **_: Any) -> None:
        if not self.beside_others:
            _refuse_beside_others(self.upgrade.connection, plan)
        self.upgrade.begin(plan, apps)

    def _end(self, *, apps: Any, **_: Any) -> None:
        self.upgrade.end(apps)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_success" and hasattr(self, "upgrade"):
            # PostgreSQL alters no table whose references wait to be looked at until the commit.
            self.upgrade.connection.check_constraints()

    def _tell(self) -> None:
        """What the operator should know, also where nothing else is told."""
        wrong = self.upgrade.wrong
        if wrong:
            self.stderr.write(
                f"올리기 전에 이미 기록과 다르던 행이 {len(wrong)}개 있습니다({', '.join(wrong[:5])}). 그대로 두었고, gongmo doctor가 계속 알려 줍니다.\n"
                f"{len(wrong)} rows were not as recorded before the upgrade. They were left so, and gongmo doctor goes on naming them."
            )
        if self.upgrade.made:
            tables = sorted({each.subject_id for each in self.upgrade.made})
            self.stdout.write(
                f"표 {len(tables)}개({', '.join(tables)})가 바뀌어 그 행을 기록에 다시 봉인했습니다. / Tables changed: {len(tables)}; their rows are sealed anew in the record."
            )


def _wait_not_long(connection: BaseDatabaseWrapper) -> None:
    """Else a long reading (a backup) would hold up the upgrade, and the upgrade everybody behind it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}s'")


def _begun(connection: BaseDatabaseWrapper) -> bool:
    """Whether the record holds an entry."""
    if Entry._meta.db_table not in connection.introspection.table_names():
        return False
    return bool(Entry.objects.order_by("sequence").values_list("sequence")[:1])


def _pending(connection: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_beside_others(connection: BaseDatabaseWrapper, plan: Any) -> None:
    """A process of the old version would go on writing rows by the old columns, and seal them so."""
    if not reach(plan).concerns_sealed():
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT application_name, COALESCE(host(client_addr), '') FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() AND application_name <> current_setting('application_name')"
            )
            others = sorted(" ".join(filter(None, each)) or "?" for each in cursor.fetchall())
    else:
        others = [f"pid {each}" for each in running.others(Path(settings.GONGMO_HOME))]
    if others:
        shown = ", ".join(others[:5])
        raise CommandError(
            f"다른 프로세스 {len(others)}개가 데이터베이스를 쓰고 있습니다({shown}). 모든 서버의 gongmo-web과 gongmo-work를 끄고 다시 해 주세요. 아무것도 바꾸지 않았습니다.\n"
            f"{len(others)} other processes use the database ({shown}). Stop gongmo-web and gongmo-work on every machine and run this again. Nothing was changed."
        )
