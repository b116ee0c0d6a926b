package dev.parley.feature.chat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** What chat promises, through its routes and front doors, on every store. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
interface ChatContract
    extends ChatAccessContract,
        ThreadContract,
        ParticipantContract,
        MessageContract,
        MessageOrderContract,
        ReceiptContract,
        ImageContract,
        EndingContract,
        RepeatedThreadContract,
        ChatInputContract {}
