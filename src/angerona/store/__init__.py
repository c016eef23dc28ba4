"""Where sealed rows are kept: SQLite by default, PostgreSQL where more than one machine is needed.

This floor knows no names and no keys. It keeps bytes under ids, writes them durably in groups, and
says clearly why when it cannot. The statements stand in `sql/`, one text for both back ends.
"""

from angerona.store.contract import Reading, Row, Store, Value, Writing
from angerona.store.opening import open_store, open_to_read

__all__ = ["Reading", "Row", "Store", "Value", "Writing", "open_store", "open_to_read"]
