package dev.parley.base.store;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** What every store promises, and what the rows on top of it make of that. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
interface StoreContract
    extends UnitContract,
        MemoryContract,
        CrowdContract,
        JournalContract,
        SchemaContract,
        BackupContract,
        RepeatContract,
        DueJobContract {}
